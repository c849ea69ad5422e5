import type { Column } from './columns.ts';
import { identifier, raw, type Sql, sql } from './sql.ts';

/** What DuckDB and Athena write differently. Everything else of a statement is SQL that both understand. */
export interface Dialect {
  /** A number as exact decimal with ten digits after the point. NaN and what is too large raise an error. */
  exact(column: Column): Sql;
  /** Whether an amount is below zero. */
  isNegative(column: Column): Sql;
  /** When something happened, as UTC timestamp. */
  instant(column: Column): Sql;
  /** A day's start, of the type of a column, so that the files' own statistics can be used. */
  dayStart(day: string, column: Column): Sql;
  /** The value of one key; NULL when it is not there. */
  entry(column: Column, key: string): Sql;
}

const EXACT = raw('DECIMAL(38,10)');

/** Azure leaves the seconds out: `2026-01-01T00:00Z`. */
const AZURE_INSTANT_LENGTH = raw('17');

/**
 * Each cast equals rounding the number times 1e10 to a whole number; above 200,000 doubles are too coarse for that, and their shortest
 * text is taken, as everywhere else.
 */
export const duckDb: Dialect = {
  exact(column) {
    const name = identifier(column.name);
    if (column.kind === 'double')
      return sql`CASE WHEN abs(${name}) < 200000 THEN CAST(${name} AS ${EXACT}) ELSE CAST(CAST(${name} AS VARCHAR) AS ${EXACT}) END`;
    return column.kind === 'text' ? sql`CAST(nullif(trim(${name}), '') AS ${EXACT})` : sql`CAST(${name} AS ${EXACT})`;
  },
  isNegative: (column) => negative(column),
  instant(column) {
    const name = identifier(column.name);
    if (column.kind === 'text')
      return sql`CAST(CASE WHEN length(${name}) = ${AZURE_INSTANT_LENGTH} THEN replace(${name}, 'Z', ':00Z') ELSE ${name} END AS TIMESTAMP)`;
    return column.kind === 'instant' ? name : sql`CAST(${name} AS TIMESTAMP)`;
  },
  dayStart: (day, { kind }) =>
    kind === 'instant_with_zone' ? sql`CAST(${`${day} 00:00:00+00`} AS TIMESTAMPTZ)` : sql`CAST(${day} AS TIMESTAMP)`,
  entry(column, key) {
    const name = identifier(column.name);
    if (column.kind === 'map') return sql`${name}[${key}]`;
    if (column.kind === 'pairs') return sql`list_filter(${name}, lambda pair: pair.key = ${key})[1].value`;
    return sql`json_extract_string(nullif(${name}, ''), ${jsonPointer(key)})`;
  },
};

export const athena: Dialect = {
  // Athena rounds the shortest text of a double, halves away from zero.
  exact(column) {
    const name = identifier(column.name);
    return column.kind === 'text' ? sql`CAST(nullif(trim(${name}), '') AS ${EXACT})` : sql`CAST(${name} AS ${EXACT})`;
  },
  isNegative: (column) => negative(column),
  instant(column) {
    const name = identifier(column.name);
    if (column.kind === 'text') return sql`CAST(from_iso8601_timestamp(${name}) AS TIMESTAMP)`;
    return column.kind === 'instant' ? name : sql`CAST(${name} AS TIMESTAMP)`;
  },
  dayStart: (day) => sql`CAST(${day} AS TIMESTAMP)`,
  entry(column, key) {
    const name = identifier(column.name);
    if (column.kind === 'map') return sql`element_at(${name}, ${key})`;
    if (column.kind === 'pairs') return sql`element_at(filter(${name}, pair -> pair.key = ${key}), 1).value`;
    return sql`json_extract_scalar(nullif(${name}, ''), ${jsonPath(key)})`;
  },
};

function negative(column: Column): Sql {
  const name = identifier(column.name);
  return column.kind === 'text' ? sql`CAST(nullif(trim(${name}), '') AS ${EXACT}) < 0` : sql`${name} < 0`;
}

function jsonPointer(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function jsonPath(key: string): string {
  return `$["${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"]`;
}
