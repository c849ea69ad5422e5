import fs from 'node:fs';
import { createGunzip } from 'node:zlib';

/** Names of columns are short; a first line that does not end by here is no header. */
const MAX_HEADER_BYTES = 1024 * 1024;

/**
 * The names of a CSV file's columns. Their order differs between files, and guessing by the engine has guessed wrong before.
 * @returns `undefined` when there is no complete first line
 */
export async function readCsvHeader(file: string, signal: AbortSignal): Promise<string[] | undefined> {
  const bytes = fs.createReadStream(file, { signal });
  const source = /\.gz$/i.test(file) ? bytes.pipe(createGunzip()) : bytes;
  bytes.on('error', (error) => source.destroy(error));
  let text = '';
  try {
    for await (const chunk of source) {
      text += String(chunk);
      const line = firstLine(text);
      if (line !== undefined) return parseLine(line);
      if (text.length > MAX_HEADER_BYTES) return undefined;
    }
  } finally {
    bytes.destroy();
  }
  return text === '' ? undefined : parseLine(text);
}

function firstLine(text: string): string | undefined {
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === '\n' || char === '\r')) return text.slice(0, index);
  }
  return undefined;
}

/** Fields with quotes around them have their own quotes doubled. */
export function parseLine(line: string): string[] {
  const fields = line.replace(/^\uFEFF/, '').match(/(?:^|,)(?:"(?:[^"]|"")*"|[^,]*)/g) ?? [];
  return fields.map((field) => {
    const own = field.replace(/^,/, '');
    return own.startsWith('"') ? own.slice(1, -1).replaceAll('""', '"') : own.trim();
  });
}
