import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Metafile, Plugin } from './plugin.ts';

export const LICENSES_FILE = 'THIRD-PARTY-LICENSES.txt';

/** Licences under which others' code may be part of a program that is given away. */
const PERMISSIVE = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'CC0-1.0', 'ISC', 'MIT', 'Unlicense']);

/**
 * Packages under other licences, each with the reason why it may be part of a program all the same. What these licences ask besides their text
 * is printed with it.
 */
const EXCEPTIONS: Readonly<Record<string, { license: string; notice: string }>> = {
  // Copyleft for its own files only, which are shipped unchanged; those who get the program must be told where its source is.
  '@resvg/resvg-wasm': {
    license: 'MPL-2.0',
    notice:
      'Shipped unchanged. Its source code, and that of resvg, is available under the Mozilla Public License 2.0 at\nhttps://github.com/thx/resvg-js and https://github.com/linebender/resvg',
  },
  // A font may be embedded in any program; only selling it by itself is not allowed.
  '@fontsource/inter': { license: 'OFL-1.1', notice: 'The font Inter, embedded unchanged.' },
};

interface BundledPackage {
  name: string;
  version: string;
  license: string;
  /** The licence and notice texts that go with it; never none. */
  texts: string[];
}

interface PackageManifest {
  name: string;
  version: string;
  license: string;
  repository?: string | { url: string };
}

/** A licence section in a README that is shorter only names the licence. */
const SHORTEST_LICENSE = 300;
const require = createRequire(import.meta.url);

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
      const refused = packages.filter(({ name, license }) => !isPermitted(name, license));
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
  const manifest: PackageManifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const { name, version, license } = manifest;
  const files = fs.readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = files.sort().map((file) => readText(path.join(folder, file)));
  const complete = texts.length > 0 || !isPermitted(name, license) ? texts : [textElsewhere(folder, manifest)];
  const notice = EXCEPTIONS[name]?.notice;
  return { name, version, license: String(license), texts: notice === undefined ? complete : [notice, ...complete] };
}

/** Whether a package may be part of a program: nearly always by its licence alone. */
export function isPermitted(name: string, license: string): boolean {
  return PERMISSIVE.has(license) || EXCEPTIONS[name]?.license === license;
}

/** The licence of a package that brings no file with it: from its README, or the standard text with the name of the package. */
function textElsewhere(folder: string, { name, license, repository }: PackageManifest): string {
  const page = fs.readdirSync(folder).find((file) => /^readme/i.test(file));
  const section = page === undefined ? undefined : licenseSection(readText(path.join(folder, page)));
  if (section !== undefined && section.length > SHORTEST_LICENSE) return section;
  const standard: { licenseText: string } = JSON.parse(readText(require.resolve(`spdx-license-list/licenses/${license}.json`)));
  const home = typeof repository === 'string' ? repository : (repository?.url ?? '');
  return standard.licenseText.trim().replace('<year> <copyright holders>', `the authors of ${name} ${home}`.trim());
}

/** What stands under a heading "License". */
export function licenseSection(page: string): string | undefined {
  return /^#+ *licen[cs]e\b.*\n([\s\S]*?)(?=^#|(?![\s\S]))/im.exec(page)?.[1]?.trim();
}

function readText(file: string): string {
  return fs.readFileSync(file, 'utf8').trim().replaceAll('\r\n', '\n');
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
