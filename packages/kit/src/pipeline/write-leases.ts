import type { WriteJournal } from '@fairway-mcp/store';
import type { Log } from '@fairway-mcp/telemetry';

/** A started write whose lease was not renewed for this long was left by a process that died. */
const LEASE_MS = 15_000;
const RENEWAL_MS = 5_000;

/** Marks the writes that this process works on in the journal, so that no other process takes their outcome for lost. */
export class WriteLeases {
  readonly journal: WriteJournal;
  readonly #log: Log;
  readonly #held = new Map<string, { owner: string; key: string }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(journal: WriteJournal, log: Log) {
    this.journal = journal;
    this.#log = log;
  }

  /** When a lease that is taken now ends, in milliseconds since the epoch. */
  end(): number {
    return Date.now() + LEASE_MS;
  }

  /** Renews the lease of a write until it is released. */
  hold(owner: string, key: string): void {
    this.#held.set(`${owner}\0${key}`, { owner, key });
    this.#timer ??= setInterval(() => void this.#renew(), RENEWAL_MS).unref();
  }

  async release(owner: string, key: string): Promise<void> {
    if (!this.#held.delete(`${owner}\0${key}`)) return;
    if (this.#held.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    await this.#set(owner, key, 0);
  }

  async #renew(): Promise<void> {
    for (const { owner, key } of this.#held.values()) await this.#set(owner, key, this.end());
  }

  /** A lease that cannot be changed runs out by itself. */
  async #set(owner: string, key: string, until: number): Promise<void> {
    try {
      await this.journal.lease(owner, key, until);
    } catch (error) {
      this.#log.warn('The lease of a write could not be changed', { error });
    }
  }
}
