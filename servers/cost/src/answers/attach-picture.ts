/** A drawn chart. */
interface Picture {
  png: string;
  notes: readonly string[];
}

type Block = { type: 'image'; mimeType: string; data: string } | { type: 'text'; text: string };

/** The picture behind the text, and in words what it leaves out. */
export function attachPicture({ png, notes }: Picture, attach: (block: Block) => void): void {
  attach({ type: 'image', mimeType: 'image/png', data: png });
  if (notes.length > 0) attach({ type: 'text', text: notes.join('\n') });
}
