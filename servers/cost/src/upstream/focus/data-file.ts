import type { StoredFile } from './store.ts';

/** A file of charges on this machine. */
export interface DataFile {
  stored: StoredFile;
  /** Absolute. */
  local: string;
  /** Tells this content from any other: what was found out about it is kept under this. */
  id: string;
  format: 'parquet' | 'csv';
  /** Billing period, where the export tells. */
  period: string | undefined;
}

export function formatOf(path: string): DataFile['format'] | undefined {
  if (/\.parquet$/i.test(path)) return 'parquet';
  return /\.csv(?:\.gz)?$/i.test(path) ? 'csv' : undefined;
}
