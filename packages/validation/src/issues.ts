import type * as z from 'zod';
import { didYouMean } from './nearest.ts';

/** One problem of an input. `field` is a path such as `filters.region` or `resource_arns[3]`. */
export interface FieldProblem {
  field: string;
  problem: string;
}

/**
 * Turns zod's issues into sentences that name the field and what to write instead. An unknown name gets the nearest known one suggested.
 * Values are never repeated, because they may be secrets. Call zod with `reportInput: true` to get suggestions for wrong choices too.
 * @param known the names allowed at the top level
 */
export function fieldProblems(error: z.ZodError, known: readonly string[] = []): FieldProblem[] {
  return error.issues.flatMap((issue) => describe(issue, known));
}

/** The problems as one readable line: `days: expected int, received string; unknown argument "regoin". Did you mean "region"?` */
export function explainIssues(problems: readonly FieldProblem[], limit = 8): string {
  const shown = problems.slice(0, limit).map(({ field, problem }) => (field === '' ? problem : `${field}: ${problem}`));
  const rest = problems.length - shown.length;
  return `${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}

function describe(issue: z.core.$ZodIssue, known: readonly string[]): FieldProblem[] {
  const field = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field,
      problem: `unknown argument "${clip(key)}".${didYouMean(key, known) || (known.length > 0 ? ` Known: ${known.join(', ')}.` : '')}`,
    }));
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

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
