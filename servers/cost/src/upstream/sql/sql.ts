/** A piece of SQL with its bound values, in the order of its question marks. */
export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** A list is only bound where a list of files is expected. */
export type SqlValue = string | readonly string[];

/** Composes SQL: pieces of SQL are inserted, everything else is bound as a value and so can never be read as SQL. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Sql | SqlValue)[]): Sql {
  let text = strings[0] ?? '';
  const values: SqlValue[] = [];
  for (const [index, part] of parts.entries()) {
    if (isSql(part)) {
      text += part.text;
      values.push(...part.values);
    } else {
      text += '?';
      values.push(part);
    }
    text += strings[index + 1] ?? '';
  }
  return { text, values };
}

/** Text that this program wrote itself. Never give it anything from outside. */
export function raw(text: string): Sql {
  return { text, values: [] };
}

/** The name of a column or table, quoted. */
export function identifier(name: string): Sql {
  return raw(`"${name.replaceAll('"', '""')}"`);
}

export function join(parts: readonly Sql[], separator: string): Sql {
  return { text: parts.map(({ text }) => text).join(separator), values: parts.flatMap(({ values }) => values) };
}

function isSql(part: Sql | SqlValue): part is Sql {
  return typeof part === 'object' && 'text' in part;
}
