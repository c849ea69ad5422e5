import type { Writable } from 'node:stream';

export interface UnreadLimits {
  /** Above this many bytes no further requests are read. */
  pauseBytes: number;
  /** Above this many bytes, or when nothing was read for `stallMs` while requests are held back, the client counts as stalled. */
  maxBytes: number;
  stallMs: number;
}

export interface OutputListener {
  /** After the queue was full: the client has read enough of it. */
  onDrained(): void;
  /** The pipe is closed. */
  onBroken(): void;
  /** The client does not read. Called once; nothing is written any more. */
  onStalled(): void;
}

type Written = (error?: Error | null) => void;

/** Writes to a client that may not read: what it leaves unread is bounded. */
export class OutputQueue {
  readonly #output: Writable;
  readonly #limits: UnreadLimits;
  readonly #listener: OutputListener;
  #stallTimer: NodeJS.Timeout | undefined;
  #isStalled = false;

  constructor(output: Writable, limits: UnreadLimits, listener: OutputListener) {
    this.#output = output;
    this.#limits = limits;
    this.#listener = listener;
    output.on('error', () => listener.onBroken());
  }

  /** Whether so much is unread that no further requests should be taken. */
  get isFull(): boolean {
    return this.#output.writableLength > this.#limits.pauseBytes;
  }

  /** Whatever is unread already counts against the limit, so that one large message is never too large. */
  write(text: string, written: Written = () => undefined): void {
    if (!this.#isStalled && this.#output.writableLength > this.#limits.maxBytes) this.#stall();
    if (this.#isStalled) return written(new Error('The client does not read.'));
    this.#output.write(text, (error) => {
      if (this.#stallTimer !== undefined) this.#hasRead();
      written(error);
    });
    if (this.isFull && this.#stallTimer === undefined) this.#watch();
  }

  /** Resolves when everything has been written, at once when the client does not read. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isStalled) resolve();
      else this.#output.write('', () => resolve());
    });
  }

  #hasRead(): void {
    if (this.#isStalled) return;
    if (this.isFull) return this.#watch();
    clearTimeout(this.#stallTimer);
    this.#stallTimer = undefined;
    this.#listener.onDrained();
  }

  /** Starts to wait for the client to read, again whenever it has read something. */
  #watch(): void {
    clearTimeout(this.#stallTimer);
    this.#stallTimer = setTimeout(() => this.#stall(), this.#limits.stallMs);
  }

  #stall(): void {
    clearTimeout(this.#stallTimer);
    this.#isStalled = true;
    this.#listener.onStalled();
  }
}
