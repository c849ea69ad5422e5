/**
 * What became of an attempt.
 * - `accepted`: AWS answered that it has done what was asked; whether the answer arrives whole is not known yet
 * - `refused`: AWS answered with an error
 * - `unsent`: there was no connection
 * - `unknown`: it was sent, and no answer came
 */
export type AttemptOutcome = 'accepted' | 'refused' | 'unsent' | 'unknown';

/**
 * Called before each attempt at a call, retries included: the SDK makes several when some fail. What it throws ends the call.
 * @returns a function that is called with the attempt's outcome
 */
export type AttemptObserver = () => Promise<(outcome: AttemptOutcome) => Promise<void>>;

const OBSERVER = Symbol('observer');

/** Options for the `send` of a client whose attempts are to be observed. The SDK hands them on to the connections as they are. */
export function withObserver<Options extends object>(options: Options, observer: AttemptObserver): Options {
  return { ...options, [OBSERVER]: observer };
}

/** Runs one attempt under the observer of its call, if there is one. */
export async function observeAttempt<Answer extends { response: { statusCode: number } }>(
  options: object | undefined,
  attempt: () => Promise<Answer>,
): Promise<Answer> {
  const observer = observerOf(options);
  if (observer === undefined) return attempt();
  const end = await observer();
  let outcome: AttemptOutcome = 'unknown';
  try {
    const answer = await attempt();
    outcome = answer.response.statusCode < 300 ? 'accepted' : 'refused';
    return answer;
  } catch (error) {
    if (isUnsent(error)) outcome = 'unsent';
    throw error;
  } finally {
    await end(outcome);
  }
}

function observerOf(options: object | undefined): AttemptObserver | undefined {
  return (options as { [OBSERVER]?: AttemptObserver } | undefined)?.[OBSERVER];
}

/** Failures to connect, before a byte of the request was sent. */
const NO_CONNECTION = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function isUnsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && NO_CONNECTION.has(error.code);
}
