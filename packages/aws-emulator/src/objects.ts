import { createHash } from 'node:crypto';

/** What a bucket holds under a key. */
export interface StoredObject {
  content: Buffer;
  etag: string;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}

/** The objects of all buckets. Tests put them there; no operation writes. */
export class ObjectStore {
  readonly #objects = new Map<string, Map<string, StoredObject>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  put(bucket: string, key: string, content: string | Uint8Array): void {
    const bytes = Buffer.from(content);
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    const objects = this.#objects.get(bucket) ?? new Map<string, StoredObject>();
    this.#objects.set(bucket, objects.set(key, { content: bytes, etag, modifiedAt: this.#now() }));
  }

  remove(bucket: string, key: string): void {
    this.#objects.get(bucket)?.delete(key);
  }

  find(bucket: string, key: string): StoredObject | undefined {
    return this.#objects.get(bucket)?.get(key);
  }

  /** In the order of their keys' UTF-8 bytes, as S3 lists them. */
  list(bucket: string): { key: string; object: StoredObject }[] {
    const all = [...(this.#objects.get(bucket) ?? [])].map(([key, object]) => ({ key, object }));
    return all.toSorted((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
  }
}
