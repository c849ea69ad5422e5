import { ToolError } from '@fairway-mcp/kit';

/** How a column's values are stored, as far as reading them differs. */
export type ColumnKind = 'double' | 'decimal' | 'text' | 'instant' | 'instant_with_zone' | 'date' | 'map' | 'pairs' | 'other';

export interface Column {
  /** As the table spells it: FOCUS names are in Pascal case, Athena's in lower case. */
  name: string;
  kind: ColumnKind;
}

/** From the most specific: a map has the types of its keys in its name. Spellings of DuckDB and of Athena. */
const KINDS: readonly [RegExp, ColumnKind][] = [
  [/^map\b/i, 'map'],
  [/^(?:struct\(.*\)\[\]|array<struct)/i, 'pairs'],
  [/^(?:double|float|real)/i, 'double'],
  [/^(?:decimal|numeric|(?:u?(?:tiny|small|big|huge)?int(?:eger)?)\b)/i, 'decimal'],
  [/^timestamp.*with time zone/i, 'instant_with_zone'],
  [/^(?:timestamp|datetime)/i, 'instant'],
  [/^date\b/i, 'date'],
  [/^(?:varchar|string|char|json)/i, 'text'],
];

/** The columns that a bill has, found by the names that FOCUS gives them, whatever their case. */
export class Columns {
  readonly #columns: ReadonlyMap<string, Column>;
  /** Of the bill, for messages: `The export s3://bills/focus`. */
  readonly title: string;

  constructor(title: string, types: Iterable<readonly [name: string, type: string]>) {
    this.title = title;
    this.#columns = new Map(Array.from(types, ([name, type]) => [name.toLowerCase(), { name, kind: kindOf(type) }]));
  }

  get size(): number {
    return this.#columns.size;
  }

  find(name: string): Column | undefined {
    return this.#columns.get(name.toLowerCase());
  }

  /** Those of the names that exist: versions of FOCUS and clouds name the same thing differently. */
  findAll(names: readonly string[]): Column[] {
    return names.flatMap((name) => this.find(name) ?? []);
  }

  /** @throws ToolError `invalid_input` that names the column and what it is needed for */
  require(name: string, purpose: string): Column {
    const column = this.find(name);
    if (column === undefined) throw this.missing([name], purpose);
    return column;
  }

  missing(names: readonly string[], purpose: string): ToolError {
    return new ToolError({
      kind: 'invalid_input',
      message: `${this.title} has no column ${names.join(' or ')}, which is needed for ${purpose}.`,
      remedy: 'Ask without it, or let the export contain the column: it takes effect with the next refresh.',
    });
  }
}

function kindOf(type: string): ColumnKind {
  return KINDS.find(([pattern]) => pattern.test(type.trim()))?.[1] ?? 'other';
}
