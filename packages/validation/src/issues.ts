import type * as z from 'zod';
import { namesAt } from './known-names.ts';
import { didYouMean } from './nearest.ts';

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
    return issue.keys.slice(0, limit).map((key) => ({ field, problem: unknownArgument(key, known) }));
  }
  if (issue.code === 'invalid_value' && issue.values.every((value) => typeof value === 'string')) {
    const values = issue.values.map(String);
    const hint = typeof issue.input === 'string' ? didYouMean(issue.input, values) : '';
    return [{ field, problem: `expected one of ${values.join(', ')}${hint && `.${hint}`}` }];
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return [{ field, problem: `required (${issue.expected})` }];
  return [{ field, problem: issue.message.replace(/^Invalid input: /, '') }];
}

function unknownArgument(name: string, known: readonly string[]): string {
  return `unknown argument "${clip(name)}".${didYouMean(name, known) || (known.length > 0 ? ` Known: ${known.join(', ')}.` : '')}`;
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
