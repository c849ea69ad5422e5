import type * as z from 'zod';
import { namesAt } from './known-names.ts';
import { didYouMean, findNearest } from './nearest.ts';
import { inPlainWords } from './plain-words.ts';

/** One problem of an input. `field` is a path such as `filters.region` or `resource_arns[3]`. */
export interface FieldProblem {
  field: string;
  problem: string;
}

/** The first problems of an input, and how many there are besides. */
export interface FieldProblems {
  problems: FieldProblem[];
  more: number;
}

const MAX_PROBLEMS = 8;

/**
 * Turns zod's issues into sentences that name the field and what to write instead. An unknown name gets the nearest known one suggested.
 * Values are never repeated, because they may be secrets. Only the first few are put into words, so that an input with a hundred thousand
 * mistakes costs no more than one with eight. Call zod with `reportInput: true` to get suggestions for wrong choices too.
 * @param schema what the input was checked against: it tells which names are known at which place. Without it only the nearest name is suggested.
 */
export function fieldProblems(error: z.ZodError, schema?: z.ZodType): FieldProblems {
  const problems: FieldProblem[] = [];
  let count = 0;
  for (const issue of error.issues) {
    if (problems.length < MAX_PROBLEMS) problems.push(...describe(issue, schema, MAX_PROBLEMS - problems.length));
    count += issue.code === 'unrecognized_keys' ? issue.keys.length : 1;
  }
  return { problems, more: count - problems.length };
}

/** The problems as one readable line: `days: expected int, received string; unknown argument "regoin". Did you mean "region"?` */
export function explainIssues({ problems, more }: FieldProblems): string {
  const shown = problems.map(({ field, problem }) => (field === '' ? problem : `${field}: ${problem}`));
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodType | undefined, limit: number): FieldProblem[] {
  const field = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = namesAt(schema, issue.path);
    const inner = known.flatMap((outer) => namesAt(schema, [...issue.path, outer]).map((name) => ({ outer, name })));
    return issue.keys.slice(0, limit).map((key) => ({ field, problem: unknownArgument(key, known, inner, givenFor(issue.input, key)) }));
  }
  if (issue.code === 'invalid_value' && issue.values.every((value) => typeof value === 'string')) {
    const values = issue.values.map(String);
    const hint = typeof issue.input === 'string' ? didYouMean(issue.input, values) : '';
    return [{ field, problem: `expected one of ${values.join(', ')}${hint && `.${hint}`}` }];
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return [{ field, problem: `required (${issue.expected})` }];
  return [{ field, problem: inPlainWords(issue) }];
}

/** @param inner what the known arguments contain, @param value what was given under the unknown name */
function unknownArgument(
  name: string,
  known: readonly string[],
  inner: readonly { outer: string; name: string }[],
  value: unknown,
): string {
  const hint = didYouMean(name, known) || insideHint(name, inner) || outsideHint(value, known);
  return `unknown argument "${clip(name)}".${hint || (known.length > 0 ? ` Known: ${known.join(', ')}.` : '')}`;
}

/** Another tool may take `region` where this one takes `filters.region`. */
function insideHint(name: string, inner: readonly { outer: string; name: string }[]): string {
  const nearest = findNearest(
    name,
    inner.map((one) => one.name),
  );
  const found = inner.find((one) => one.name === nearest);
  return found === undefined ? '' : ` Did you mean "${found.outer}.${found.name}"?`;
}

/** Another tool may take `filters.region` where this one takes `regions`. */
function outsideHint(value: unknown, known: readonly string[]): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  const keys = Object.keys(value).slice(0, MAX_PROBLEMS);
  const names = [...new Set(keys.flatMap((key) => findNearest(key, known) ?? []))];
  return names.length === 0 ? '' : ` Did you mean ${names.map((name) => `"${name}"`).join(' and ')}?`;
}

function givenFor(input: unknown, key: string): unknown {
  return typeof input === 'object' && input !== null ? Object.getOwnPropertyDescriptor(input, key)?.value : undefined;
}

/** Keys of records are the caller's own and can be of any length. */
function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = clip(String(part));
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
