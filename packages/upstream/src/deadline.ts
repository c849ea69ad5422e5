import type { Clock } from './clock.ts';
import { UpstreamError } from './errors.ts';

const MAX_TIMER_MS = 2 ** 31 - 1;

/** The end of a request: the caller's signal and the time limit in one signal, whose reason is the error to throw. */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #clock: Clock;
  readonly #endsAt: number;
  readonly #timer: NodeJS.Timeout;
  readonly #caller: AbortSignal | undefined;

  constructor(timeoutMs: number, caller: AbortSignal | undefined, clock: Clock) {
    this.#clock = clock;
    this.#endsAt = clock.monotonic() + timeoutMs;
    this.#timer = setTimeout(() => this.#controller.abort(timedOut(timeoutMs)), Math.min(timeoutMs, MAX_TIMER_MS));
    this.#caller = caller;
    if (caller?.aborted) this.#cancel();
    // Listens by hand: AbortSignal.any keeps memory for as long as a long-lived signal lives.
    else caller?.addEventListener('abort', this.#cancel);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get leftMs(): number {
    return Math.max(0, this.#endsAt - this.#clock.monotonic());
  }

  /** Ends everything that still waits on the signal. */
  abort(reason: UpstreamError): void {
    this.#controller.abort(reason);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#cancel);
  }

  readonly #cancel = (): void => {
    this.#controller.abort(
      new UpstreamError({
        kind: 'cancelled',
        message: 'The request was cancelled.',
        remedy: 'Send it again if the answer is still wanted.',
      }),
    );
  };
}

function timedOut(timeoutMs: number): UpstreamError {
  return new UpstreamError({
    kind: 'timeout',
    message: `The upstream did not answer within ${timeoutMs / 1000} s.`,
    remedy: 'Try again later, or ask for less.',
  });
}
