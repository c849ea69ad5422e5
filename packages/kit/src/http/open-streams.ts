import type { Authenticator, Principal } from '@fairway-mcp/auth';

/** An event stream that a client holds open. */
export interface OpenStream {
  readonly principal: Principal;
  readonly requestHeaders: { readonly authorization?: string | undefined };
  /** Aborts the request that the stream belongs to. */
  cancel(reason: string): void;
  endStream(): void;
}

/** How often the credentials of open streams are verified again. It leaves time for the look-up within the five seconds that are promised. */
const CHECK_MS = 2_000;

/** Ends event streams whose credential is no longer accepted: it was checked when they were opened, which can be days ago. */
export class OpenStreams {
  readonly #authenticator: Authenticator;
  readonly #checkMs: number;
  readonly #streams = new Set<OpenStream>();
  #timer: NodeJS.Timeout | undefined;

  constructor(authenticator: Authenticator, checkMs = CHECK_MS) {
    this.#authenticator = authenticator;
    this.#checkMs = checkMs;
  }

  add(stream: OpenStream): void {
    this.#streams.add(stream);
    if (this.#timer === undefined) this.#schedule();
  }

  delete(stream: OpenStream): void {
    this.#streams.delete(stream);
    if (this.#streams.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => void this.#check(), this.#checkMs);
    this.#timer.unref();
  }

  /** Verifies each credential once, however many streams it has. */
  async #check(): Promise<void> {
    const byCredential = Map.groupBy(this.#streams, ({ requestHeaders }) => requestHeaders.authorization);
    await Promise.all([...byCredential].map(([authorization, streams]) => this.#verify(authorization, streams)));
    // Streams may have come and gone in the meantime.
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#streams.size > 0) this.#schedule();
  }

  async #verify(authorization: string | undefined, streams: readonly OpenStream[]): Promise<void> {
    // A store that cannot be read tells nothing about a key, and no key can be revoked in it. The next check asks again.
    const result = await this.#authenticator.verifyAgain(authorization).catch(() => undefined);
    if (result === undefined) return;
    for (const stream of streams) {
      if ('principal' in result && result.principal.id === stream.principal.id) continue;
      stream.cancel('The credential is no longer accepted.');
      stream.endStream();
    }
  }
}
