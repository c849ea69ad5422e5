import { createHash } from 'node:crypto';

/** A short name for some content: the same for the same content, another one for any other. */
export function fingerprint(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 22);
}
