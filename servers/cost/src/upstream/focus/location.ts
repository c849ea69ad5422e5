import path from 'node:path';

/** Where an export is. */
export type Location = { kind: 'folder'; folder: string } | { kind: 's3'; bucket: string; prefix: string };

const S3_URL = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/;

/** @returns `undefined` when the text is neither a folder nor `s3://bucket/prefix` */
export function parseLocation(text: string): Location | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const [, bucket, prefix = ''] = S3_URL.exec(trimmed) ?? [];
  if (bucket !== undefined) return { kind: 's3', bucket, prefix: prefix.replace(/^\/+|\/+$/g, '') };
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(trimmed) ? undefined : { kind: 'folder', folder: path.resolve(trimmed) };
}
