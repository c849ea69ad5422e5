import fs from 'node:fs/promises';
import type { Plugin } from './plugin.ts';

const SCHEMA_FILES = /@aws-sdk[/\\]client-[^/\\]+[/\\]dist-es[/\\]schemas[/\\][^/\\]+\.js$/;

/**
 * Lets unused schemas be left out of AWS clients. Their files hold one constant for each type of the API, and many of them
 * contain `{ [_xN]: … }` with `const _xN = "xmlName"`. A computed key counts as a side effect, so that the whole API
 * stays in the bundle (EC2: 550 kB where 30 kB are used). Here the key is written out: `{ xmlName: … }`.
 */
export const pureSchemas: Plugin = {
  name: 'pure-schemas',
  setup(build) {
    build.onLoad({ filter: SCHEMA_FILES }, async ({ path }) => ({
      loader: 'js',
      contents: withPlainKeys(await fs.readFile(path, 'utf8')),
    }));
  },
};

export function withPlainKeys(source: string): string {
  const values = new Map([...source.matchAll(/^const (\w+) = "(\w+)";$/gm)].map(([, name, value]) => [name, value]));
  return source.replaceAll(/\[(\w+)\]:/g, (whole, name) => (values.has(name) ? `"${values.get(name)}":` : whole));
}
