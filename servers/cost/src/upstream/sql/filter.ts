import type { Filter } from '../../bill/question.ts';
import { canonicalService, namesOfService } from '../../bill/service-names.ts';
import type { DimensionSql } from './dimensions.ts';
import { join, raw, type Sql, sql } from './sql.ts';

/** A condition that is either true or false for every charge, never unknown: a filter and its complement add up. */
export function condition(filter: Filter, dimensions: DimensionSql): Sql {
  switch (filter.kind) {
    case 'all':
      return connect(filter.of, ' AND ', 'TRUE', dimensions);
    case 'any':
      return connect(filter.of, ' OR ', 'FALSE', dimensions);
    case 'not':
      return sql`NOT ${condition(filter.of, dimensions)}`;
    case 'is':
      return isOneOf(
        dimensions.value(filter.dimension, (value) => value),
        filter.dimension === 'service' ? filter.values.flatMap(namesInFiles) : filter.values,
      );
  }
}

function connect(filters: readonly Filter[], operator: string, empty: string, dimensions: DimensionSql): Sql {
  if (filters.length === 0) return raw(empty);
  return sql`(${join(
    filters.map((filter) => condition(filter, dimensions)),
    operator,
  )})`;
}

/** Files may use other names of a service than the canonical one. */
function namesInFiles(service: string | undefined): readonly (string | undefined)[] {
  if (service === undefined) return [undefined];
  return canonicalService(service) === service ? namesOfService(service) : [];
}

function isOneOf(value: Sql, wanted: readonly (string | undefined)[]): Sql {
  const texts = wanted.filter((text) => text !== undefined).map((text) => sql`${text}`);
  const parts = [
    ...(texts.length > 0 ? [sql`coalesce(${value} IN (${join(texts, ', ')}), FALSE)`] : []),
    ...(texts.length < wanted.length ? [sql`${value} IS NULL`] : []),
  ];
  return parts.length === 0 ? raw('FALSE') : sql`(${join(parts, ' OR ')})`;
}
