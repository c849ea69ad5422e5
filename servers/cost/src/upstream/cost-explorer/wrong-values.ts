import { didYouMean } from '@fairway-mcp/validation';
import { conditionsOf } from '../../bill/filter.ts';
import type { Dimension, Filter } from '../../bill/question.ts';
import { RECORD_TYPE, termOf, valueOfKey } from './terms.ts';
import type { RawValue } from './values.ts';

/** The values that a filter asks for, by dimension: Cost Explorer answers to a wrong one with nothing, and no error. */
export function filteredValues(filter: Filter | undefined): Map<Dimension, readonly string[]> {
  const found = new Map<Dimension, readonly string[]>();
  for (const { dimension, values } of conditionsOf(filter)) {
    const term = termOf(dimension);
    // Costs by resource cannot be listed, and kinds of charges and purchase options are this server's own words.
    if (term === undefined || term.Key === RECORD_TYPE || dimension === 'resource' || dimension === 'purchase_option') continue;
    const texts = values.filter((value) => value !== undefined);
    if (texts.length > 0) found.set(dimension, [...new Set([...(found.get(dimension) ?? []), ...texts])]);
  }
  return found;
}

/** Whether an answer with rows may still lack what one of the values asked for. */
export function mayHideWrongValue(filter: Filter | undefined): boolean {
  return filter !== undefined && !(filter.kind === 'is' && filter.values.length === 1);
}

/** A sentence for each value that the bill does not know, with the nearest that it does. */
export function wrongValueCaveats(dimension: Dimension, values: readonly string[], known: readonly RawValue[]): string[] {
  const names = namesOf(dimension, known);
  return values
    .filter((value) => !names.includes(value))
    .map((value) => `No charge in this period has ${dimension} "${value}".${didYouMean(value, names)}`);
}

/** As this server writes them. */
export function namesOf(dimension: Dimension, known: readonly RawValue[]): string[] {
  const term = termOf(dimension);
  const written = (value: string) => (term !== undefined && term.Type !== 'DIMENSION' ? `${term.Key}$${value}` : value);
  return [...new Set(known.flatMap(({ value }) => valueOfKey(dimension, written(value)) ?? []))];
}
