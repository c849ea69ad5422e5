import type * as z from 'zod';
import type { UpstreamAnswer } from './answer.ts';
import { UpstreamError } from './errors.ts';

const MAX_ISSUES = 3;
const JSON_TYPE = /^(?:application|text)\/(?:[\w.!#$&^-]+\+)?json$/i;

/**
 * The body as JSON of the given shape.
 * @throws {UpstreamError} `upstream_rejected`, saying what was expected and where; never what was there
 */
export function parseJson<S extends z.ZodType>(answer: UpstreamAnswer, schema: S, host: string): z.output<S> {
  const rejected = (what: string, cause?: unknown): UpstreamError =>
    new UpstreamError({
      kind: 'upstream_rejected',
      message: `The answer of ${host} is not what was expected: ${what}.`,
      remedy: 'Try again later; if it stays so, the upstream has changed and this server must be updated.',
      status: answer.status,
      cause,
    });
  const type = answer.headers['content-type']?.split(';')[0]?.trim();
  if (type && !JSON_TYPE.test(type)) throw rejected('expected JSON, and its content type is another');
  const value = decode(answer.body, rejected);
  const parsed = validate(schema, value, rejected);
  if (!parsed.success) throw rejected(describeIssues(parsed.error.issues));
  return parsed.data;
}

type Rejected = (what: string) => UpstreamError;

function decode(body: Uint8Array, rejected: Rejected): unknown {
  if (body.length === 0) throw rejected('expected JSON, and it is empty');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw rejected('expected JSON in UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body.
    throw rejected('expected JSON, and it cannot be parsed');
  }
}

function validate<S extends z.ZodType>(schema: S, value: unknown, rejected: Rejected): z.ZodSafeParseResult<z.output<S>> {
  try {
    return schema.safeParse(value);
  } catch (error) {
    // A recursive schema follows the nesting of the body until the stack ends.
    if (error instanceof RangeError) throw rejected('it is nested too deeply');
    throw error;
  }
}

function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const shown = issues.slice(0, MAX_ISSUES).map((issue) => `${describePath(issue.path)}: ${describeExpectation(issue)}`);
  const more = issues.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** Keys of records come from the body: only what looks like a name is shown. */
function describePath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the whole';
  return path
    .map((part) => {
      if (typeof part === 'number') return `[${part}]`;
      return /^[\w-]{1,40}$/.test(String(part)) ? `.${String(part)}` : '.…';
    })
    .join('')
    .replace(/^\./, '');
}

/** Written from the schema: zod's own messages may quote what was received. */
function describeExpectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.slice(0, 10).map(String).join(' or ')}`;
    case 'invalid_format':
      return `expected ${issue.format}`;
    case 'too_small':
      return `expected at least ${issue.minimum} (${issue.origin})`;
    case 'too_big':
      return `expected at most ${issue.maximum} (${issue.origin})`;
    case 'not_multiple_of':
      return `expected a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return 'expected no further fields';
    case 'invalid_union':
      return 'expected one of several shapes';
    default:
      return 'expected another value';
  }
}
