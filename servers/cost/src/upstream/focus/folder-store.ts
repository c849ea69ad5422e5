import fs from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '@fairway-mcp/kit';
import { type ExportStore, FileChanged, type StoredFile } from './store.ts';

/** Exports in a folder of this machine. Its files are read where they are. */
export class FolderStore implements ExportStore {
  readonly title: string;
  readonly folder: string;

  /** @throws UsageError when the folder is not there */
  static async open(folder: string): Promise<FolderStore> {
    const real = await fs.realpath(folder).catch(() => undefined);
    const isFolder = real !== undefined && (await fs.stat(real)).isDirectory();
    if (!isFolder) throw new UsageError(`There is no folder ${folder} to read FOCUS exports from (--focus).`);
    return new FolderStore(folder, real);
  }

  private constructor(title: string, folder: string) {
    this.title = title;
    this.folder = folder;
  }

  async list(signal: AbortSignal): Promise<StoredFile[]> {
    const entries = await fs.readdir(this.folder, { recursive: true, withFileTypes: true });
    const files: StoredFile[] = [];
    for (const entry of entries) {
      signal.throwIfAborted();
      if (!entry.isFile()) continue;
      const file = path.relative(this.folder, path.join(entry.parentPath, entry.name));
      const listed = await this.#stat(file.split(path.sep).join('/'));
      if (listed !== undefined) files.push(listed);
    }
    return files;
  }

  async read(file: StoredFile, signal: AbortSignal): Promise<Buffer> {
    const content = await fs.readFile(this.#local(file), { signal }).catch((error: unknown) => {
      throw isMissing(error) ? new FileChanged(file.path) : error;
    });
    await this.#checkUnchanged(file);
    return content;
  }

  async materialize(file: StoredFile): Promise<string> {
    await this.#checkUnchanged(file);
    return this.#local(file);
  }

  async verify(files: readonly StoredFile[]): Promise<void> {
    for (const file of files) await this.#checkUnchanged(file);
  }

  async retain(): Promise<void> {}

  close(): void {}

  #local(file: StoredFile): string {
    return path.join(this.folder, ...file.path.split('/'));
  }

  async #checkUnchanged(file: StoredFile): Promise<void> {
    if ((await this.#stat(file.path))?.version !== file.version) throw new FileChanged(file.path);
  }

  async #stat(file: string): Promise<StoredFile | undefined> {
    const stat = await fs.stat(path.join(this.folder, ...file.split('/')), { bigint: true }).catch(() => undefined);
    if (stat === undefined) return undefined;
    const version = `${stat.size}-${stat.mtimeNs}-${stat.ino}`;
    return { path: file, size: Number(stat.size), version, modifiedAt: Number(stat.mtimeMs) };
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
