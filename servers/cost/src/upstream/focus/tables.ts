import type { Dimension } from '../../bill/question.ts';
import { Columns } from '../sql/columns.ts';
import { duckDb } from '../sql/dialect.ts';
import { sourcesOf } from '../sql/dimensions.ts';
import { asText } from '../sql/rows.ts';
import { join, raw, type Sql, sql } from '../sql/sql.ts';
import type { Table } from '../sql/statements.ts';
import { readCsvHeader } from './csv-header.ts';
import type { DataFile } from './data-file.ts';
import type { Engine } from './engine.ts';

/** A table over files, and which columns each of them has. */
export interface FileTable extends Table {
  files: readonly DataFile[];
  /** Whether a file has one of the columns. */
  has(file: DataFile, names: readonly string[]): boolean;
}

const MAX_DESCRIBED = 100;

/** Finds out what files hold, once for each version of a file. */
export class Tables {
  readonly #engine: Engine;
  /** By the file's id. In the order of the file, for CSV. */
  readonly #names = new Map<string, readonly string[]>();
  /** Lower-case names, by the file's id. */
  readonly #sets = new Map<string, ReadonlySet<string>>();
  /** Of the files of the last questions, by their ids. */
  readonly #columns = new Map<string, Columns>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @throws ToolError when a file cannot be read */
  async of(title: string, files: readonly DataFile[], signal: AbortSignal): Promise<FileTable> {
    await this.#readNames(files, signal);
    const from = this.#from(files);
    return {
      from,
      columns: await this.#describe(title, from, files, signal),
      dialect: duckDb,
      files,
      has: (file, names) => names.some((name) => this.#sets.get(file.id)?.has(name.toLowerCase()) === true),
    };
  }

  /** Takes as long as opening every file, so that it is done once for a set of files. */
  async #describe(title: string, from: Sql, files: readonly DataFile[], signal: AbortSignal): Promise<Columns> {
    const key = files.map(({ id }) => id).join('\n');
    const known = this.#columns.get(key);
    if (known !== undefined) return known;
    const described = await this.#engine.query(sql`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${from})`, signal);
    const columns = new Columns(
      title,
      described.map(([name, type]): [string, string] => [asText(name) ?? '', asText(type) ?? '']),
    );
    const [oldest] = this.#columns.keys();
    if (this.#columns.size >= MAX_DESCRIBED && oldest !== undefined) this.#columns.delete(oldest);
    this.#columns.set(key, columns);
    return columns;
  }

  async #readNames(files: readonly DataFile[], signal: AbortSignal): Promise<void> {
    const unknown = files.filter(({ id }) => !this.#names.has(id));
    await this.#readParquetNames(
      unknown.filter(({ format }) => format === 'parquet'),
      signal,
    );
    for (const { id, local } of unknown.filter(({ format }) => format === 'csv'))
      this.#remember(id, (await readCsvHeader(local, signal)) ?? []);
  }

  async #readParquetNames(files: readonly DataFile[], signal: AbortSignal): Promise<void> {
    if (files.length === 0) return;
    const rows = await this.#engine.query(sql`SELECT file_name, name FROM parquet_schema(${files.map(({ local }) => local)})`, signal);
    const names = Map.groupBy(rows, ([file]) => asText(file));
    for (const { id, local } of files)
      this.#remember(
        id,
        (names.get(local) ?? []).map(([, name]) => asText(name) ?? ''),
      );
  }

  #remember(id: string, names: readonly string[]): void {
    this.#names.set(id, names);
    this.#sets.set(id, new Set(names.map((name) => name.toLowerCase())));
  }

  /** All files as one table, by the names of their columns: those that a file does not have are NULL there. */
  #from(files: readonly DataFile[]): Sql {
    const parquet = files.filter(({ format }) => format === 'parquet');
    const csv = files.filter(({ id, format }) => format === 'csv' && (this.#names.get(id)?.length ?? 0) > 0);
    const byHeader = Map.groupBy(csv, ({ id }) => JSON.stringify(this.#names.get(id)));
    const readers = [...byHeader.values()].map((members) => this.#csv(members));
    if (parquet.length > 0)
      readers.push(sql`read_parquet(${parquet.map(({ local }) => local)}, union_by_name = true, hive_partitioning = false)`);
    const [only] = readers;
    if (only !== undefined && readers.length === 1) return only;
    return sql`(${join(
      readers.map((reader) => sql`SELECT * FROM ${reader}`),
      ' UNION ALL BY NAME ',
    )})`;
  }

  /** Everything is text, in the order of the header, and nothing is guessed. */
  #csv(files: readonly DataFile[]): Sql {
    const names = this.#names.get(files[0]?.id ?? '') ?? [];
    const columns = raw(`{${names.map((name) => `'${name.replaceAll("'", "''")}': 'VARCHAR'`).join(', ')}}`);
    return sql`read_csv(${files.map(({ local }) => local)}, columns = ${columns}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', hive_partitioning = false)`;
  }
}

/** Files in which a dimension has no column at all, in a sentence; `undefined` when all have one. */
export function gapOf(dimension: Dimension, table: FileTable): string | undefined {
  const names = sourcesOf(dimension);
  const without = table.files.filter((file) => !table.has(file, names));
  if (without.length === 0) return undefined;
  return `${describe(without)} no column ${names.join(' or ')}: charges in ${without.length === 1 ? 'it' : 'them'} count as having no ${dimension}.`;
}

function describe(files: readonly DataFile[]): string {
  const [first] = files;
  return files.length === 1 ? `The file ${first?.stored.path} has` : `${files.length} files (such as ${first?.stored.path}) have`;
}

/** The files that lack a column that no sum can do without. */
export function filesWithout(column: string, table: FileTable): string[] {
  return table.files.filter((file) => !table.has(file, [column])).map(({ stored }) => stored.path);
}
