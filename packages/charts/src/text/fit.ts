import { textWidth, type Weight } from './font.ts';

interface Line {
  width: number;
  size: number;
  weight?: Weight;
}

/** What is kept of a text that is too long. */
export type Keep = 'start' | 'both ends';

const ELLIPSIS = '…';

/** The text in one line, shortened until it fits. */
export function fitLine(text: string, { width, size, weight = 400 }: Line, keep: Keep = 'start'): string {
  const characters = [...text];
  const shortened = (count: number) => {
    const ending = keep === 'start' ? 0 : Math.floor(count / 2);
    return `${characters
      .slice(0, count - ending)
      .join('')
      .trimEnd()}${ELLIPSIS}${characters
      .slice(characters.length - ending)
      .join('')
      .trimStart()}`;
  };
  if (textWidth(text, size, weight) <= width) return text;
  let count = characters.length - 1;
  while (count > 0 && textWidth(shortened(count), size, weight) > width) count -= 1;
  return shortened(Math.max(0, count));
}

/** The text in at most so many lines. It breaks after spaces and the marks that names are joined with, and inside a word that is too long. */
export function wrapLines(text: string, { max, ...line }: Line & { max: number }, keep: Keep = 'start'): string[] {
  const fits = (part: string) => textWidth(part.trimEnd(), line.size, line.weight) <= line.width;
  const lines: string[] = [];
  let current = '';
  for (const piece of text.split(/(?<=[\s\-/_:.,])/u).flatMap((word) => (fits(word) ? [word] : pieces(word, fits)))) {
    if (current !== '' && !fits(current + piece)) {
      lines.push(current);
      current = '';
    }
    current += piece;
  }
  const [whole, rest] = [[...lines, current].slice(0, max - 1), [...lines, current].slice(max - 1).join('')];
  return [...whole, fitLine(rest.trim(), line, keep)].map((one) => one.trim()).filter((one) => one !== '');
}

/** Each text, made shorter; those that would then look like another one keep both of their ends. */
export function shortenAll<T>(texts: readonly string[], shorten: (text: string, keep: Keep) => T): T[] {
  const short = texts.map((text) => shorten(text, 'start'));
  const seen = Map.groupBy(short, (one) => JSON.stringify(one));
  return texts.map((text, index) => {
    const one = short[index];
    return one !== undefined && seen.get(JSON.stringify(one))?.length === 1 ? one : shorten(text, 'both ends');
  });
}

/** A word in pieces that fit: at the capitals inside of it (`AmazonCloudWatch`), or in pieces of the same length. */
function pieces(word: string, fits: (text: string) => boolean): string[] {
  return word.split(/(?<=\p{Ll})(?=\p{Lu})/u).flatMap((part) => {
    const characters = [...part];
    for (let count = 1; count <= characters.length; count += 1) {
      const length = Math.ceil(characters.length / count);
      const equal = Array.from({ length: count }, (_, index) => characters.slice(index * length, (index + 1) * length).join(''));
      if (equal.every(fits)) return equal;
    }
    return characters;
  });
}
