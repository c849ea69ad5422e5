import type { Renamed } from '../data.ts';
import { isDrawable, isDrawableCharacter } from './font.ts';

/** What the labels of a chart are: the names, or what is drawn in the place of those that the font cannot show. */
export interface Names {
  labelOf(name: string): string;
  /** A longer text in which such names may occur. */
  inText(text: string): string;
  renamed: readonly Renamed[];
}

/** Spaces and hyphens of every kind become plain ones, and what has no width or turns the direction of writing is left out. */
export function tidy(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Zs}]+/gu, ' ')
    .replaceAll(/[\u2010\u2011]/g, '-')
    .replaceAll(/\p{Cf}/gu, '')
    .trim();
}

/**
 * A character that the font lacks is drawn as a box or as nothing, and in another script that is the whole label: such a name is replaced by
 * the noun and a number.
 */
export function drawableNames(names: readonly string[], noun: string): Names {
  const labels = new Map<string, string>();
  const taken = new Set(names.map(tidy));
  let number = 0;
  for (const name of names) {
    const tidied = tidy(name);
    if (tidied === '') labels.set(name, '(empty)');
    else if (isDrawable(tidied)) labels.set(name, tidied);
    else if (!labels.has(name)) {
      do number += 1;
      while (taken.has(`${noun} ${number}`));
      labels.set(name, `${noun} ${number}`);
    }
  }
  const renamed = [...labels].filter(([name]) => !isDrawable(tidy(name))).map(([name, label]) => ({ name, label }));
  return {
    labelOf: (name) => labels.get(name) ?? drawableText(name),
    inText: (text) => drawableText(longestFirst(renamed).reduce((said, { name, label }) => said.replaceAll(name, label), text)),
    renamed,
  };
}

/** A text without what the font lacks; an ellipsis shows where something is missing. */
export function drawableText(text: string): string {
  let said = '';
  for (const character of tidy(text)) {
    if (isDrawableCharacter(character)) said += character;
    else if (!said.endsWith('…')) said += '…';
  }
  return said;
}

function longestFirst(renamed: readonly Renamed[]): Renamed[] {
  return renamed.toSorted((one, other) => other.name.length - one.name.length);
}
