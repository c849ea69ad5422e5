import type { StoredFile } from './store.ts';

/** How a store is laid out, as far as the names of its files tell. */
export type Layout =
  /** Exports whose manifests name the files that count: the newest of each period. */
  | { kind: 'manifests'; manifests: readonly Manifest[] }
  /** No manifest: every data file counts. */
  | { kind: 'plain'; files: readonly StoredFile[] };

export interface Manifest {
  file: StoredFile;
  form: 'aws' | 'azure';
  /** `2026-01`; `undefined` when the names do not tell. */
  period: string | undefined;
}

/** `<export>/metadata/BILLING_PERIOD=2026-01/[<execution>/]<export>-Manifest.json` */
const AWS_MANIFEST = /^(.*?)(?:^|\/)?metadata\/(?:[^/=]+=)?([^/]+)\/(?:[^/]+\/)?[^/]*-Manifest\.json$/i;
/** `<export>/20260101-20260131/<run>/manifest.json` */
const AZURE_MANIFEST = /^(.*?)(?:^|\/)?(\d{8}-\d{8})\/(?:[^/]+\/)*manifest\.json$/i;
const PERIOD = /^(\d{4})-?(\d{2})/;
const PARTITION = /(?:^|\/)billing_period=(\d{4}-\d{2})/i;

/** Data files, without what a tool is still writing or keeps for itself. */
const DATA = /\.(?:parquet|csv|csv\.gz)$/i;
const HIDDEN = /(?:^|\/)[._]/;

/** A refresh of an AWS export that keeps the earlier ones: data of each is complete, so that several must not be added up. */
const EXECUTION = /(?:^|\/)\d{8}T\d{6}[^/]*-[0-9a-f]{8}-[0-9a-f-]{27}\//i;

/** Why the files cannot be taken as one bill. */
export class AmbiguousLayout extends Error {
  override readonly name = 'AmbiguousLayout';
}

/** @throws AmbiguousLayout when charges would be counted twice */
export function layoutOf(files: readonly StoredFile[]): Layout {
  const found = files.flatMap(manifestOf);
  if (found.length > 0) return { kind: 'manifests', manifests: newestOfPeriods(found) };
  const data = files.filter(({ path }) => DATA.test(path) && !HIDDEN.test(path));
  if (data.some(({ path }) => EXECUTION.test(path)))
    throw new AmbiguousLayout('It has several refreshes of the same periods and no manifest that says which of them counts.');
  return { kind: 'plain', files: data };
}

export function periodOfPath(path: string): string | undefined {
  return PARTITION.exec(path)?.[1];
}

interface Found extends Manifest {
  /** Folder of the export, and the partition: of several manifests there the newest counts. */
  owner: string;
  partition: string;
}

function manifestOf(file: StoredFile): Found[] {
  const aws = AWS_MANIFEST.exec(file.path);
  const [, owner = '', partition = ''] = aws ?? AZURE_MANIFEST.exec(file.path) ?? [];
  if (partition === '') return [];
  const [, year, month] = PERIOD.exec(partition) ?? [];
  return [{ file, form: aws === null ? 'azure' : 'aws', period: year && month ? `${year}-${month}` : undefined, owner, partition }];
}

function newestOfPeriods(found: readonly Found[]): Manifest[] {
  const owners = [...new Set(found.map(({ owner }) => owner))];
  if (owners.length > 1)
    throw new AmbiguousLayout(
      `It has ${owners.length} exports (${owners.map((owner) => owner || '.').join(', ')}), which may hold the same charges: name one of them.`,
    );
  return [...Map.groupBy(found, ({ partition }) => partition.toLowerCase()).values()].map((members) => {
    const [newest] = members.toSorted(
      (one, other) => other.file.modifiedAt - one.file.modifiedAt || (one.file.path < other.file.path ? 1 : -1),
    );
    if (newest === undefined) throw new RangeError('a group has a member');
    return { file: newest.file, form: newest.form, period: newest.period };
  });
}
