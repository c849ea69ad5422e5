import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sourceContract } from '../../bill/source.contract.ts';
import { CHARGES } from './charges.fixture.ts';
import { type FileFormat, type FocusVersion, writeAwsExport, writeFocusFile } from './focus-files.fixture.ts';
import { openFocus } from './open-focus.ts';

const NAMED = ['tag:team', 'cost_category:Unit'] as const;
const noAws = () => {
  throw new Error('A folder needs no AWS.');
};

async function openFolder(write: (folder: string) => Promise<unknown>) {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'fairway-focus-'));
  await write(folder);
  const { source, close } = await openFocus({ locations: [folder] }, { aws: noAws });
  return {
    source,
    charges: CHARGES,
    async close() {
      await close();
      await fs.rm(folder, { recursive: true });
    },
  };
}

const FORMATS: readonly [FocusVersion, FileFormat][] = [
  ['1.0', 'csv'],
  ['1.1', 'csv.gz'],
  ['1.2', 'parquet'],
];

for (const [version, format] of FORMATS)
  sourceContract(`a folder with FOCUS ${version} as ${format}`, {
    open: () => openFolder((folder) => writeFocusFile(path.join(folder, `bill.${format}`), CHARGES, { version, format })),
    named: NAMED,
    runs: 20,
  });

sourceContract('a copy of an AWS export in a folder', {
  open: () => openFolder((folder) => writeAwsExport(folder, CHARGES, { chunk: 40 })),
  named: NAMED,
  runs: 20,
});
