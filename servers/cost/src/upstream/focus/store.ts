/** A file of an export, as its store lists it. */
export interface StoredFile {
  /** From the export's location on, with slashes. */
  path: string;
  size: number;
  /** Changes whenever the content does: an ETag, or size and time. */
  version: string;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
  /** Whether that is when the cloud wrote it. A copy on this machine has the time of copying, or the original's: nobody knows. */
  isOriginal?: boolean;
}

/** A place where exports are: a folder, or a prefix in S3. */
export interface ExportStore {
  /** For users: `/bills/focus`, `s3://bills/focus`. */
  readonly title: string;
  /** Where its files are on this machine: the only folder that the engine needs to read. */
  readonly folder: string;
  list(signal: AbortSignal): Promise<StoredFile[]>;
  /** The content of a small file, such as a manifest. @throws {@link FileChanged} */
  read(file: StoredFile, signal: AbortSignal): Promise<Buffer>;
  /**
   * A file of this machine with exactly the listed content, complete.
   * @throws FileChanged when the file was changed since it was listed
   */
  materialize(file: StoredFile, signal: AbortSignal): Promise<string>;
  /** After reading: whether the files on this machine were those that were listed. @throws FileChanged */
  verify(files: readonly StoredFile[]): Promise<void>;
  /** Told which files are still of use after a refresh, so that others may be removed. */
  retain(files: readonly StoredFile[]): Promise<void>;
  /** Ends what is being fetched. */
  close(): void;
}

/** A file is not as it was listed: the export is being rewritten. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged';

  constructor(path: string) {
    super(`The file ${path} has changed since it was listed.`);
  }
}
