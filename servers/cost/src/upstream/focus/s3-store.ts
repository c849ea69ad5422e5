import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from '@fairway-mcp/async';
import { type Aws, AwsError, answered, type Service } from '@fairway-mcp/aws';
import { type ExportStore, FileChanged, type StoredFile } from './store.ts';

export interface S3StoreOptions {
  aws: Aws;
  bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  prefix: string;
  /** Where fetched files are kept. Several processes may share it. */
  cacheFolder: string;
  now: () => number;
}

/**
 * Files are fetched in parts, each of which has a time limit of its own: a file of any size comes through a slow line, and a line on which
 * nothing comes any more is noticed.
 */
const PART_BYTES = 8 * 1024 * 1024;
const PART_ATTEMPTS = 3;
const PART_TIMEOUT_MS = 60_000;
const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;

/** What no refresh refers to any more stays this long: another process may be reading it. */
const KEEP_MS = 86_400_000;

const LIST = 's3:ListBucket';
const GET = 's3:GetObject';

/**
 * Exports in S3. A file is fetched once for each of its versions, under a name made from its version, and has its name only when it is whole:
 * so what has a name can be read, by any number of processes, while new versions arrive beside it.
 */
export class S3Store implements ExportStore {
  readonly title: string;
  readonly folder: string;
  readonly #options: S3StoreOptions;
  readonly #fetching = new Map<string, Promise<string>>();
  readonly #closing = new AbortController();

  constructor(options: S3StoreOptions) {
    const { bucket, prefix, cacheFolder } = options;
    this.#options = options;
    this.title = `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
    this.folder = path.join(cacheFolder, hash(this.title).slice(0, 16));
  }

  async prepare(): Promise<void> {
    await fs.mkdir(this.folder, { recursive: true, mode: 0o700 });
  }

  close(): void {
    this.#closing.abort();
  }

  async list(signal: AbortSignal): Promise<StoredFile[]> {
    const { client, ListObjectsV2Command } = await this.#open();
    const { bucket, prefix } = this.#options;
    const start = prefix === '' ? '' : `${prefix}/`;
    const files: StoredFile[] = [];
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: start, ...(token !== undefined && { ContinuationToken: token }) });
      const page = await answered(LIST, signal, client.send(command, { abortSignal: signal }));
      for (const { Key, Size, ETag, LastModified } of page.Contents ?? []) {
        if (Key === undefined || Size === undefined || ETag === undefined || Key.endsWith('/')) continue;
        files.push({
          path: Key.slice(start.length),
          size: Size,
          version: ETag,
          modifiedAt: LastModified?.getTime() ?? 0,
          isOriginal: true,
        });
      }
      if (page.IsTruncated === true && page.NextContinuationToken === undefined) throw new AwsError(LIST, 'invalid_answer', 'MissingToken');
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
    return files;
  }

  async read(file: StoredFile, signal: AbortSignal): Promise<Buffer> {
    if (file.size > MAX_MANIFEST_BYTES) throw new AwsError(GET, 'invalid_answer', 'ManifestTooLarge');
    return this.#part(file, 0, file.size, signal);
  }

  /** Those who need the same file share its transfer. It goes on when all of them have left: the next question then finds the file. */
  async materialize(file: StoredFile, signal: AbortSignal): Promise<string> {
    const local = this.#local(file);
    const running = this.#fetching.get(local) ?? this.#startFetch(file, local);
    return waitFor(running, { signal });
  }

  /** Files here never change: each version has a name of its own. */
  async verify(): Promise<void> {}

  async retain(files: readonly StoredFile[]): Promise<void> {
    const wanted = new Set(files.map((file) => path.basename(this.#local(file))));
    const oldest = this.#options.now() - KEEP_MS;
    for (const name of await fs.readdir(this.folder)) {
      if (wanted.has(name)) continue;
      const file = path.join(this.folder, name);
      const stat = await fs.stat(file).catch(() => undefined);
      if (stat !== undefined && stat.mtimeMs < oldest) await fs.rm(file, { force: true });
    }
  }

  #startFetch(file: StoredFile, local: string): Promise<string> {
    const fetching = this.#fetch(file, local).finally(() => this.#fetching.delete(local));
    this.#fetching.set(local, fetching);
    return fetching;
  }

  async #fetch(file: StoredFile, local: string): Promise<string> {
    const present = await fs.stat(local).catch(() => undefined);
    if (present?.size === file.size) return local;
    const temporary = `${local}.${randomUUID()}.part`;
    try {
      const handle = await fs.open(temporary, 'wx', 0o600);
      try {
        for (let at = 0; at < file.size; at += PART_BYTES) {
          const end = Math.min(at + PART_BYTES, file.size);
          await handle.write(await this.#part(file, at, end, this.#closing.signal), 0, end - at, at);
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
      await fs.rename(temporary, local);
      return local;
    } finally {
      await fs.rm(temporary, { force: true });
    }
  }

  /** @throws FileChanged when the file is not the listed version any more */
  async #part(file: StoredFile, start: number, end: number, signal: AbortSignal): Promise<Buffer> {
    if (end === start) return Buffer.alloc(0);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const part = await this.#partOnce(file, start, end, signal);
        if (part.length === end - start) return part;
        throw new AwsError(GET, 'invalid_answer', 'IncompleteBody');
      } catch (error) {
        signal.throwIfAborted();
        if (isChanged(error)) throw new FileChanged(file.path);
        if (attempt === PART_ATTEMPTS || !isTransient(error)) throw error;
      }
    }
  }

  async #partOnce(file: StoredFile, start: number, end: number, signal: AbortSignal): Promise<Buffer> {
    const { client, GetObjectCommand } = await this.#open();
    const { bucket, prefix } = this.#options;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(PART_TIMEOUT_MS)]);
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: prefix === '' ? file.path : `${prefix}/${file.path}`,
      IfMatch: file.version,
      Range: `bytes=${start}-${end - 1}`,
    });
    const load = async () => {
      const { Body } = await client.send(command, { abortSignal: limited });
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    };
    return answered(GET, limited, load());
  }

  async #open(): Promise<Service<'s3'>> {
    return this.#options.aws.open('s3', { region: await this.#options.aws.homeRegion() });
  }

  #local(file: StoredFile): string {
    const extension = /\.(?:parquet|csv|csv\.gz)$/i.exec(file.path)?.[0].toLowerCase() ?? '';
    return path.join(this.folder, `${hash(`${file.path}\n${file.version}\n${file.size}`)}${extension}`);
  }
}

/** 412, or 404 when it was removed since. */
function isChanged(error: unknown): boolean {
  return error instanceof AwsError && (error.code === 'PreconditionFailed' || error.failure === 'not_found');
}

/** The SDK repeats failed requests by itself, but not bodies that end too early. */
function isTransient(error: unknown): boolean {
  return (
    !(error instanceof AwsError) || error.failure === 'invalid_answer' || error.failure === 'timeout' || error.failure === 'unavailable'
  );
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
