/** Finished SVG. Only this file makes it, so that every text and every value of an attribute has been escaped. */
export interface Markup {
  readonly markup: string;
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element with its children. A string among them is text. Numbers are written with two decimals at most. */
export function element(name: string, attributes: Attributes, ...children: readonly (Markup | string)[]): Markup {
  const written = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${attributeText(value)}"`]));
  const content = children.map((child) => (typeof child === 'string' ? escapeText(child) : child.markup)).join('');
  const start = `<${name}${written.join('')}`;
  return { markup: content === '' ? `${start}/>` : `${start}>${content}</${name}>` };
}

/** A number as SVG writes it, to a hundredth of a pixel. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('A position in a chart is not a finite number.');
  return String(Math.round(value * 100) / 100 || 0);
}

function attributeText(value: string | number): string {
  return typeof value === 'number' ? rounded(value) : escapeText(value);
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** XML has no way to write most control characters and halves of surrogate pairs: they are left out. */
function escapeText(text: string): string {
  const allowed = text.toWellFormed().replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '');
  return allowed.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
