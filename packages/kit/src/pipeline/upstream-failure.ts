import { type ErrorKind, ToolError } from '../protocol/errors.ts';

/** An `UpstreamError`, known by its form: only servers that declare hosts load the class. */
export interface UpstreamFailure extends Error {
  kind: ErrorKind;
  remedy: string;
  retryAfterS?: number;
  status?: number;
  effect: 'not_sent' | 'unknown' | 'answered';
}

const FIELDS = ['kind', 'remedy', 'effect'] as const;

export function isUpstreamFailure(thrown: unknown): thrown is UpstreamFailure {
  if (!(thrown instanceof Error) || thrown.name !== 'UpstreamError') return false;
  return FIELDS.every((field) => typeof (thrown as Partial<UpstreamFailure>)[field] === 'string');
}

/** The error that a caller gets: the words are the same, and are made for callers. */
export function toToolError({ kind, message, remedy, retryAfterS, cause }: UpstreamFailure): ToolError {
  return new ToolError({ kind, message, remedy, ...(retryAfterS !== undefined && { retryAfterS }), cause });
}

/** Whether it is certain that the request had no effect: it never left, or the upstream turned it down. */
export function hadNoEffect({ effect, status }: UpstreamFailure): boolean {
  return effect === 'not_sent' || (effect === 'answered' && status !== undefined && status >= 400);
}
