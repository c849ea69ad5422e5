const SMALLEST = 4_096;

/**
 * Collects bytes that arrive in chunks. They are copied into one buffer that doubles as it fills, so that memory follows the bytes and not the
 * number of chunks: a chunk of one byte takes hundreds of bytes for as long as it is referenced. A single chunk is not copied.
 */
export class ByteCollector {
  readonly #maxBytes: number;
  #bytes: Buffer | undefined;
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns whether the bytes still fit; if not, everything is dropped. */
  add(chunk: Buffer): boolean {
    const size = this.#size + chunk.length;
    if (size > this.#maxBytes) {
      this.#clear();
      return false;
    }
    if (this.#bytes === undefined) this.#bytes = chunk;
    else this.#append(this.#bytes, chunk, size);
    this.#size = size;
    return true;
  }

  /** What has been collected, as text. The collector is empty afterwards. */
  takeText(): string {
    const text = this.#bytes?.toString('utf8', 0, this.#size) ?? '';
    this.#clear();
    return text;
  }

  #clear(): void {
    this.#bytes = undefined;
    this.#size = 0;
  }

  #append(bytes: Buffer, chunk: Buffer, size: number): void {
    // The first chunk is someone else's memory and as long as what it holds, so that the second one always leads to a copy.
    let target = bytes;
    if (size > bytes.length) {
      const capacity = Math.min(this.#maxBytes, Math.max(SMALLEST, 2 * size));
      target = Buffer.allocUnsafeSlow(capacity);
      bytes.copy(target, 0, 0, this.#size);
      this.#bytes = target;
    }
    chunk.copy(target, this.#size);
  }
}
