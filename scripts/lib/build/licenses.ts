import fs from 'node:fs';
import path from 'node:path';
import type { Metafile, Plugin } from './plugin.ts';

export const LICENSES_FILE = 'THIRD-PARTY-LICENSES.txt';

/** Licences under which others' code may be part of a program that is given away. */
const PERMISSIVE = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'CC0-1.0', 'ISC', 'MIT', 'Unlicense']);

interface BundledPackage {
  name: string;
  version: string;
  license: string;
  /** The licence and notice texts that the package brings. */
  texts: string[];
}

/**
 * Writes the licences of everything that was bundled beside the program, as those licences ask.
 * The build fails when a package without a known permissive licence got in.
 */
export const licenses: Plugin = {
  name: 'licenses',
  setup(build) {
    build.initialOptions.metafile = true;
    const { absWorkingDir = process.cwd(), outdir = 'dist' } = build.initialOptions;
    build.onEnd(({ metafile, errors }) => {
      if (metafile === undefined || errors.length > 0) return undefined;
      const packages = bundledPackages(metafile, absWorkingDir);
      const refused = packages.filter(({ license }) => !PERMISSIVE.has(license));
      if (refused.length > 0) return { errors: refused.map(({ name, license }) => ({ text: `${name} has the licence "${license}".` })) };
      const folder = path.resolve(absWorkingDir, outdir);
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(path.join(folder, LICENSES_FILE), licensesPage(packages));
      return undefined;
    });
  },
};

/** The npm packages that left at least a byte in the output, by name. */
function bundledPackages({ outputs }: Metafile, base: string): BundledPackage[] {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((file) => (inputs[file]?.bytesInOutput ?? 0) > 0),
  );
  const folders = new Set(files.flatMap((file) => packageFolder(path.resolve(base, file)) ?? []));
  return [...folders].map(readPackage).sort((one, other) => (`${one.name}@${one.version}` < `${other.name}@${other.version}` ? -1 : 1));
}

function packageFolder(file: string): string | undefined {
  return /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+/.exec(file)?.[0];
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const files = fs.readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = files.sort().map((file) => fs.readFileSync(path.join(folder, file), 'utf8').trim().replaceAll('\r\n', '\n'));
  return { name, version, license: String(license), texts };
}

/** One section for each distinct text, with all packages that bring it: most AWS packages share one. */
function licensesPage(packages: readonly BundledPackage[]): string {
  const sections = Map.groupBy(packages, ({ license, texts }) => [license, ...texts].join('\n\n'));
  const rule = '='.repeat(80);
  const body = [...sections].map(([text, members]) =>
    [rule, ...members.map(({ name, version }) => `${name} ${version}`), rule, '', text, ''].join('\n'),
  );
  return ['This program contains the following packages, each under its own licence.', '', ...body].join('\n');
}
