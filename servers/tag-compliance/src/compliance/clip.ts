/** Values of tags are untrusted text of up to 256 characters. */
const MAX_LENGTH = 40;

/** The beginning of a value, short enough for a sentence. */
export function clip(text = ''): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}
