import { waitFor } from '@fairway-mcp/async';
import { ToolError } from '@fairway-mcp/kit';
import pLimit from 'p-limit';
import { type DataFile, formatOf } from './data-file.ts';
import { isWholeGzip } from './gzip.ts';
import { AmbiguousLayout, type Layout, layoutOf, type Manifest, periodOfPath } from './layout.ts';
import { Incomplete, namedFiles, readManifest } from './manifest.ts';
import { type ExportStore, FileChanged, type StoredFile } from './store.ts';

/** The files of one billing period, from one refresh of the export. */
interface Period {
  period: string | undefined;
  /** Changes with every refresh. */
  version: string;
  files: readonly DataFile[];
}

/** The files that a question is answered from. */
export interface Snapshot {
  files: readonly DataFile[];
  /** When the export was looked at, milliseconds since the epoch. */
  at: number;
  caveats: readonly string[];
}

interface Listing {
  layout: Layout;
  files: readonly StoredFile[];
  at: number;
  /** Why it is older than it should be. */
  isStale?: boolean;
}

export interface SnapshotOptions {
  store: ExportStore;
  /** For how long an export is not looked at again. */
  refreshMs: number;
  now: () => number;
}

/** Fetches at a time. */
const CONCURRENCY = 4;
/** How often a listing is repeated because the export changed meanwhile. */
const ATTEMPTS = 3;
const LISTING_TIMEOUT_MS = 60_000;
/** How soon an export is looked at again that could not be. */
const RETRY_MS = 60_000;

/**
 * What an export holds at a time. A period is replaced as a whole, once all files of a refresh are on this machine; until then, and when that
 * fails, the period is answered from the refresh before.
 */
export class Snapshots {
  readonly #options: SnapshotOptions;
  readonly #periods = new Map<string, Period>();
  readonly #wholeGzips = new Set<string>();
  #listing: Listing | undefined;
  #refreshing: Promise<Listing> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(options: SnapshotOptions) {
    this.#options = options;
  }

  /** Whether the export can be listed, for health checks. @throws ToolError, AwsError */
  async look(signal: AbortSignal): Promise<Layout> {
    return (await this.#listOrKeep(signal)).layout;
  }

  /**
   * All files of billing periods that end after a day: later periods correct earlier days, so that none of them is left out.
   * @throws ToolError when there is nothing, or nothing complete; AwsError
   */
  async since(day: string, signal: AbortSignal): Promise<Snapshot> {
    for (let attempt = 1; ; attempt += 1) {
      const listing = await this.#listOrKeep(signal);
      try {
        return await this.#take(listing, day, attempt === ATTEMPTS, signal);
      } catch (error) {
        if (error instanceof Incomplete) throw beingWritten(this.#options.store.title, error.message);
        if (!(error instanceof FileChanged)) throw error;
        if (attempt === ATTEMPTS) throw beingWritten(this.#options.store.title, error.message);
        // Listed again at once: what was listed is no more.
        this.#listing = undefined;
      }
    }
  }

  /** After reading. @returns false when a file was not as listed; the export is listed again with the next question */
  async verify({ files }: Snapshot): Promise<boolean> {
    try {
      await this.#options.store.verify(files.map(({ stored }) => stored));
      return true;
    } catch (error) {
      if (!(error instanceof FileChanged)) throw error;
      this.#listing = undefined;
      return false;
    }
  }

  /** The listing that is known, a new one, or, where a new one fails, the known one again. */
  async #listOrKeep(signal: AbortSignal): Promise<Listing> {
    const { now, refreshMs } = this.#options;
    const known = this.#listing;
    if (known !== undefined && now() - known.at < refreshMs) return known;
    if (known !== undefined && now() - this.#failedAt < RETRY_MS) return { ...known, isStale: true };
    // Those who ask at the same time share one listing, which none of them may end for the others.
    this.#refreshing ??= this.#list(AbortSignal.timeout(LISTING_TIMEOUT_MS)).finally(() => {
      this.#refreshing = undefined;
    });
    try {
      return await waitFor(this.#refreshing, { signal });
    } catch (error) {
      signal.throwIfAborted();
      if (known === undefined) throw error;
      this.#failedAt = now();
      return { ...known, isStale: true };
    }
  }

  async #list(signal: AbortSignal): Promise<Listing> {
    const { store, now } = this.#options;
    const at = now();
    const files = await store.list(signal);
    const layout = describe(files, store.title);
    this.#listing = { layout, files, at };
    return this.#listing;
  }

  async #take(listing: Listing, day: string, isLast: boolean, signal: AbortSignal): Promise<Snapshot> {
    const { layout, at } = listing;
    const month = day.slice(0, 7);
    const caveats = listing.isStale === true ? [staleCaveat(this.#options.store.title, at)] : [];
    const periods =
      layout.kind === 'plain'
        ? [await this.#plain(layout.files, month, signal)]
        : await this.#manifests(endingAfter(layout.manifests, month), listing, { caveats, isLast, signal });
    const files = periods.flatMap((period) => period.files);
    if (files.length === 0) throw nothing(this.#options.store.title);
    return { files, at, caveats };
  }

  async #plain(files: readonly StoredFile[], month: string, signal: AbortSignal): Promise<Period> {
    const present = files.filter(({ size }) => size > 0).map((file) => ({ file, period: periodOfPath(file.path) }));
    const wanted = endingAfter(present, month).map(({ file }) => file);
    return { period: undefined, version: '', files: await this.#materialize(wanted, undefined, signal) };
  }

  async #manifests(
    manifests: readonly Manifest[],
    listing: Listing,
    { caveats, isLast, signal }: { caveats: string[]; isLast: boolean; signal: AbortSignal },
  ): Promise<Period[]> {
    const periods: Period[] = [];
    for (const manifest of manifests) {
      const key = manifest.period ?? manifest.file.path;
      const known = this.#periods.get(key);
      try {
        const period = known?.version === versionOf(manifest) ? known : await this.#period(manifest, listing, signal);
        this.#periods.set(key, period);
        periods.push(period);
      } catch (error) {
        if (!(error instanceof Incomplete || (error instanceof FileChanged && isLast))) throw error;
        if (known === undefined) throw beingWritten(this.#options.store.title, error.message);
        caveats.push(
          `The billing period ${key} is being rewritten in ${this.#options.store.title}: it is answered from the refresh before.`,
        );
        periods.push(known);
      }
    }
    await this.#retain(listing);
    return periods;
  }

  async #period(manifest: Manifest, { files }: Listing, signal: AbortSignal): Promise<Period> {
    const { file, form, period } = manifest;
    const content = await this.#options.store.read(file, signal);
    const named = namedFiles(readManifest(content.toString('utf8'), form), file, files);
    return { period, version: versionOf(manifest), files: await this.#materialize(named, period, signal) };
  }

  async #materialize(files: readonly StoredFile[], period: string | undefined, signal: AbortSignal): Promise<DataFile[]> {
    const limit = pLimit(CONCURRENCY);
    const wanted = files.flatMap((file) => ({ file, format: formatOf(file.path) }));
    return Promise.all(
      wanted.map(({ file, format }) =>
        limit(async (): Promise<DataFile> => {
          if (format === undefined) throw unknownFormat(file.path);
          signal.throwIfAborted();
          const local = await this.#options.store.materialize(file, signal);
          const id = `${file.path}\n${file.version}`;
          await this.#checkGzip(local, file.path, id, signal);
          return { stored: file, local, id, format, period: period ?? periodOfPath(file.path) };
        }),
      ),
    );
  }

  /** Once a file: unpacking takes as long as reading. */
  async #checkGzip(local: string, path: string, id: string, signal: AbortSignal): Promise<void> {
    if (!/\.gz$/i.test(path) || this.#wholeGzips.has(id)) return;
    if (!(await isWholeGzip(local, signal))) throw new Incomplete(`The file ${path} is cut off.`);
    this.#wholeGzips.add(id);
  }

  /** Only those who know every period know what is of no use any more. */
  async #retain({ layout, files }: Listing): Promise<void> {
    const inUse = [...this.#periods.values()].flatMap((period) => period.files.map(({ stored }) => stored));
    if (layout.kind === 'manifests') await this.#options.store.retain([...files, ...inUse]);
  }
}

/** A refresh may write the same manifest again, to other data. */
function versionOf({ file }: Manifest): string {
  return `${file.version} ${file.modifiedAt}`;
}

function describe(files: readonly StoredFile[], title: string): Layout {
  try {
    return layoutOf(files);
  } catch (error) {
    if (!(error instanceof AmbiguousLayout)) throw error;
    throw new ToolError({
      kind: 'upstream_rejected',
      message: `The export ${title} cannot be read as one bill. ${error.message}`,
      remedy: 'Let the operator set --focus to the location of one export.',
      cause: error,
    });
  }
}

function beingWritten(title: string, detail: string): ToolError {
  return new ToolError({
    kind: 'upstream_unavailable',
    message: `The export ${title} is incomplete or being written. ${detail}`,
    remedy: 'Ask again in some minutes. If it stays so, export that period again.',
    retryAfterS: 300,
  });
}

function staleCaveat(title: string, at: number): string {
  return `The export ${title} cannot be looked at for changes now: it is answered as it was at ${new Date(at).toISOString()}.`;
}

/** Billing periods from a month on. Where there are none, the newest: it says in what currency nothing was spent. */
function endingAfter<T extends { period: string | undefined }>(all: readonly T[], month: string): T[] {
  const wanted = all.filter(({ period }) => period === undefined || period >= month);
  const newest = all.reduce((latest, { period = '' }) => (period > latest ? period : latest), '');
  return wanted.length > 0 ? wanted : all.filter(({ period }) => period === newest);
}

function nothing(title: string): ToolError {
  return new ToolError({
    kind: 'not_found',
    message: `There are no charges in ${title}: neither manifests nor Parquet or CSV files.`,
    remedy: 'Check that the export has run, and that --focus names its location.',
  });
}

function unknownFormat(path: string): ToolError {
  return new ToolError({
    kind: 'upstream_rejected',
    message: `The export has a file of an unknown format: ${path}.`,
    remedy: 'Export as Parquet or as CSV, with or without gzip.',
  });
}
