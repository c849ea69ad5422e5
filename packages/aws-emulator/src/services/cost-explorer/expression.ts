import { ServiceError } from '../../wire/errors.ts';
import type { JsonInput } from '../../wire/json-input.ts';
import type { BillLine } from './bill-line.ts';
import { dimension } from './dimensions.ts';

export type LineFilter = (line: BillLine) => boolean;

export interface ExpressionRules {
  /** `RESOURCE_ID` may be used. */
  withResources: boolean;
  /** Beginnings, ends and parts may be matched, not only whole values. */
  looseMatches: boolean;
}

const ROOTS = ['And', 'Or', 'Not', 'Dimensions', 'Tags', 'CostCategories'] as const;
const EXACT = ['EQUALS', 'CASE_SENSITIVE'];
const LOOSE = [...EXACT, 'CASE_INSENSITIVE', 'STARTS_WITH', 'ENDS_WITH', 'CONTAINS'];

/**
 * Compiles a filter expression.
 * Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Expression.html
 * @throws ServiceError ValidationException for what Cost Explorer refuses.
 */
export function compileExpression(expression: JsonInput, rules: ExpressionRules): LineFilter {
  const roots = ROOTS.filter((root) => expression.has(root));
  const [root] = roots;
  if (root === undefined || roots.length > 1) {
    throw invalid(`Expression has zero or more than one roots. Only one root operator is allowed for each expression: ${ROOTS.join(', ')}`);
  }
  if (root === 'And' || root === 'Or') return combined(root, expression.records(root), rules);
  const inner = expression.record(root);
  if (inner === undefined) throw invalid(`${root} must be an object`);
  if (root === 'Not') {
    const refused = compileExpression(inner, rules);
    return (line) => !refused(line);
  }
  if (root === 'Dimensions') return byDimension(inner, rules);
  return root === 'Tags' ? byTag(inner, rules) : byCostCategory(inner, rules);
}

/** The values that an expression demands of a dimension at its top: of every line that gets through. */
export function demandedValues(expression: JsonInput, key: string): string[] {
  const own = expression.record('Dimensions');
  if (own !== undefined) return own.text('Key') === key ? own.texts('Values') : [];
  return expression.records('And').flatMap((part) => demandedValues(part, key));
}

function combined(root: 'And' | 'Or', parts: readonly JsonInput[], rules: ExpressionRules): LineFilter {
  if (parts.length < 2) throw invalid(`${root} expression must have at least 2 operands`);
  const filters = parts.map((part) => compileExpression(part, rules));
  return root === 'And' ? (line) => filters.every((filter) => filter(line)) : (line) => filters.some((filter) => filter(line));
}

function byDimension(input: JsonInput, rules: ExpressionRules): LineFilter {
  const read = dimension(input.text('Key') ?? '', rules);
  const values = input.texts('Values');
  if (values.length === 0) throw invalid('Dimensions must have at least one value');
  const matches = matcher(values, checkedOptions(input, rules, []));
  return (line) => matches(read(line));
}

/** Without values, and with `ABSENT`, lines are wanted that lack the tag; without a key too, lines that have no tag at all. */
function byTag(input: JsonInput, rules: ExpressionRules): LineFilter {
  const key = input.text('Key');
  const values = input.texts('Values');
  const options = checkedOptions(input, rules, ['ABSENT']);
  if (key === undefined) return ({ tags }) => Object.keys(tags).length === 0;
  if (values.length === 0 || options.includes('ABSENT')) return ({ tags }) => tags[key] === undefined;
  const matches = matcher(values, options);
  return ({ tags }) => matches(tags[key] ?? '');
}

/** Without values, with an empty one, and with `ABSENT`, lines are wanted that belong to none of the category's values. */
function byCostCategory(input: JsonInput, rules: ExpressionRules): LineFilter {
  const key = input.text('Key') ?? '';
  const values = input.texts('Values');
  const options = checkedOptions(input, rules, ['ABSENT']);
  if (values.length === 0 || options.includes('ABSENT')) return ({ costCategories }) => costCategories?.[key] === undefined;
  const matches = matcher(values, options);
  return ({ costCategories }) => matches(costCategories?.[key] ?? '');
}

function checkedOptions(input: JsonInput, { looseMatches }: ExpressionRules, further: readonly string[]): string[] {
  const allowed = [...(looseMatches ? LOOSE : EXACT), ...further];
  const options = input.texts('MatchOptions');
  const wrong = options.find((option) => !allowed.includes(option));
  if (wrong !== undefined) throw invalid(`Match option ${wrong} is not supported. Supported: ${allowed.join(', ')}`);
  return options;
}

function matcher(values: readonly string[], options: readonly string[]): (value: string) => boolean {
  const fold = (text: string) => (options.includes('CASE_INSENSITIVE') ? text.toLowerCase() : text);
  const wanted = values.map(fold);
  if (options.includes('STARTS_WITH')) return (value) => wanted.some((start) => fold(value).startsWith(start));
  if (options.includes('ENDS_WITH')) return (value) => wanted.some((end) => fold(value).endsWith(end));
  if (options.includes('CONTAINS')) return (value) => wanted.some((part) => fold(value).includes(part));
  const set = new Set(wanted);
  return (value) => set.has(fold(value));
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
