import type * as z from 'zod';

type Issue = z.core.$ZodIssue;

/** What a text in one of zod's formats has to be. */
const FORMATS: Readonly<Record<string, string>> = {
  date: 'an ISO date, such as 2026-11-16',
  datetime: 'an ISO date and time, such as 2026-11-16T12:00:00Z',
  time: 'an ISO time, such as 12:00:00',
  duration: 'an ISO duration, such as P1D',
  url: 'an address, such as https://example.com',
  email: 'an email address',
  uuid: 'a UUID',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
};
const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
  set: ['item', 'items'],
  map: ['entry', 'entries'],
};
/** How the library's own messages begin. One that does not was written for the schema, and is kept. */
const OF_LIBRARY = /^(Too (small|big): |Invalid )/;

/** What is wrong, as the rest of a sentence: `must be at least 1`. */
export function inPlainWords(issue: Issue): string {
  const plain = OF_LIBRARY.test(issue.message) ? reworded(issue) : undefined;
  return plain ?? issue.message.replace(/^Invalid input: /, '');
}

function reworded(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'too_small':
      return limit(issue.origin, issue.minimum, issue.exact ? 'exactly' : issue.inclusive ? 'at least' : 'more than');
    case 'too_big':
      return limit(issue.origin, issue.maximum, issue.exact ? 'exactly' : issue.inclusive ? 'at most' : 'less than');
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return 'has none of the forms that are accepted';
    case 'invalid_format':
      return format(issue);
    case 'invalid_type':
      return issue.expected === 'int' && issue.message.endsWith('received number') ? 'must be a whole number' : undefined;
    default:
      return undefined;
  }
}

function limit(origin: string, bound: number | bigint, comparison: string): string {
  const units = Object.hasOwn(UNITS, origin) ? UNITS[origin] : undefined;
  if (units === undefined) return `must be ${comparison} ${bound}`;
  if (comparison === 'at least' && Number(bound) === 1) return 'must not be empty';
  return `must have ${comparison} ${bound} ${units[Number(bound) === 1 ? 0 : 1]}`;
}

function format(issue: Extract<Issue, { code: 'invalid_format' }>): string | undefined {
  if ('prefix' in issue) return `must begin with "${issue.prefix}"`;
  if ('suffix' in issue) return `must end with "${issue.suffix}"`;
  if ('includes' in issue) return `must contain "${issue.includes}"`;
  if (issue.format === 'regex') return `must match the pattern ${issue.pattern}`;
  return Object.hasOwn(FORMATS, issue.format) ? `must be ${FORMATS[issue.format]}` : undefined;
}
