import type { Charge } from './charge.ts';
import { readerOf } from './dimensions.ts';
import type { Filter } from './question.ts';

/** Every condition in a filter, whether it is wanted or negated. */
export function conditionsOf(filter: Filter | undefined): Extract<Filter, { kind: 'is' }>[] {
  if (filter === undefined) return [];
  if (filter.kind === 'is') return [filter];
  return filter.kind === 'not' ? conditionsOf(filter.of) : filter.of.flatMap(conditionsOf);
}

/** Whether charges pass a filter. All of nothing passes, any of nothing does not. */
export function matcherOf(filter: Filter | undefined): (charge: Charge) => boolean {
  if (filter === undefined) return () => true;
  if (filter.kind === 'is') {
    const read = readerOf(filter.dimension);
    const wanted = new Set(filter.values);
    return (charge) => wanted.has(read(charge));
  }
  if (filter.kind === 'not') {
    const matches = matcherOf(filter.of);
    return (charge) => !matches(charge);
  }
  const parts = filter.of.map(matcherOf);
  return filter.kind === 'all'
    ? (charge) => parts.every((matches) => matches(charge))
    : (charge) => parts.some((matches) => matches(charge));
}
