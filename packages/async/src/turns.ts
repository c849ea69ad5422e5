/** How long one turn of the event loop may compute before others go first, in milliseconds. */
const MAX_TURN_MS = 10;

/** A monotonic clock in milliseconds. */
const clock = () => performance.now();

/** So many turns are left to messages after each piece of work: the event loop accepts one connection a turn, and an answer takes several. */
const TURNS_FOR_OTHERS = 32;

let startedAt: number | undefined;
const waiting: (() => void)[] = [];

/** A turn that was shorter does not count. */
const MIN_COUNTED_MS = 1;

/** What was computed since others had their turns, and when that ended. */
let computedMs = 0;
let computedUntil = 0;
let continuedAt: number | undefined;
let others: { turns: number; until: number } | undefined;

/**
 * Whether what begins now should wait for {@link nextTurn}: others wait already, or what was computed in this turn of the event loop, or in several
 * in a row, has taken long.
 * @param now of `performance.now()`, for callers that have read the clock already
 */
export function isTurnLong(now = clock()): boolean {
  if (waiting.length > 0) return true;
  if (startedAt !== undefined) return now - startedAt >= MAX_TURN_MS;
  if (now - computedUntil > MAX_TURN_MS) computedMs = 0;
  if (computedMs >= MAX_TURN_MS) return true;
  startedAt = now;
  setImmediate(endTurn);
  return false;
}

function endTurn(): void {
  if (startedAt !== undefined) count(startedAt, clock());
  startedAt = undefined;
}

function count(from: number, until: number): void {
  if (until - from < MIN_COUNTED_MS) return;
  computedMs += until - from;
  computedUntil = until;
}

/**
 * Lets everything else of this process run: messages, timers, other computations. What waits longest continues first, and only one in each
 * turn: with `setImmediate` alone all that wait would continue in the same turn.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(continueOne);
  });
}

function continueOne(): void {
  const now = clock();
  if (isTimeOfOthers(now)) return void setImmediate(continueOne);
  continuedAt = now;
  const resolve = waiting.shift();
  if (waiting.length > 0) setImmediate(continueOne);
  resolve?.();
}

/** What computes little continues at once; after some milliseconds of computing, others have some turns, or as much time. */
function isTimeOfOthers(now: number): boolean {
  if (continuedAt !== undefined) count(continuedAt, now);
  continuedAt = undefined;
  if (computedMs < MAX_TURN_MS) return false;
  others ??= { turns: 0, until: now + MAX_TURN_MS };
  others.turns += 1;
  if (others.turns <= TURNS_FOR_OTHERS && now < others.until) return true;
  others = undefined;
  computedMs = 0;
  return false;
}

/**
 * Processes items one by one without blocking the process: takes a turn of the event loop for every few milliseconds of work.
 * @throws the signal's reason when it fires in between
 */
export async function forEachYielding<T>(items: Iterable<T>, work: (item: T) => void, signal?: AbortSignal): Promise<void> {
  let pieceStartedAt = clock();
  for (const item of items) {
    if (clock() - pieceStartedAt >= MAX_TURN_MS) {
      await nextTurn();
      signal?.throwIfAborted();
      pieceStartedAt = clock();
    }
    work(item);
  }
}
