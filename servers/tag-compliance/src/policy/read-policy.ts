import { MAX_PROBLEMS, type Path, type PolicyProblem, pathText, readDocument } from './document.ts';
import type { Policy } from './policy.ts';
import { readReferenceForm } from './reference-form.ts';
import type { Report } from './rule-checks.ts';
import { readTagPolicyForm } from './tag-policy-form.ts';

/** `reference`: required_tags and so on. The others are AWS Organizations tag policies, with `@@` operators and without. */
export type PolicyForm = 'reference' | 'tag_policy' | 'effective_tag_policy';

export type PolicyReading =
  | { policy: Policy; form: PolicyForm }
  /** `message` has one line for each problem, as compilers write them: `policy.yaml:12:5: required_tags[2].name: …` */
  | { problems: PolicyProblem[]; message: string };

/**
 * Reads a policy from JSON or YAML, in any of its three forms; which is recognized by its content. An AWS tag policy may also be
 * in the form that the AWS CLI prints.
 * @param fileName for messages only.
 * @returns the policy, or everything that is wrong with the file, in the order of the file.
 */
export function readPolicy(text: string, fileName: string): PolicyReading {
  const document = readDocument(text);
  if ('problems' in document) return problemsReading(document.problems, fileName);
  const problems: PolicyProblem[] = [];
  const report: Report = (path: Path, problem, part = 'value') => {
    if (problems.length >= MAX_PROBLEMS) return;
    problems.push({ ...document.positionOf(path, part), path: pathText(path), problem });
  };
  const { data } = document;
  const content = contentOf(data);
  if (content !== undefined) return readPolicy(content, `${fileName} (its policy content)`);
  if (!isGroup(data)) {
    report([], 'This is not a policy. Write required_tags, or the tags of an AWS Organizations tag policy.');
    return problemsReading(problems, fileName);
  }
  const isTagPolicy = Object.hasOwn(data, 'tags') && !Object.hasOwn(data, 'required_tags');
  const policy = isTagPolicy ? readTagPolicyForm(data, report) : readReferenceForm(data, report);
  if (problems.length > 0) return problemsReading(problems, fileName);
  return { policy, form: isTagPolicy ? (hasOperators(data) ? 'tag_policy' : 'effective_tag_policy') : 'reference' };
}

/**
 * The policy in an answer of the AWS CLI: `aws organizations describe-effective-policy` and `describe-policy` print it as JSON in a string.
 */
function contentOf(data: unknown): string | undefined {
  if (!isGroup(data)) return undefined;
  const { EffectivePolicy: effective, Policy: policy } = data;
  const content = isGroup(effective) ? effective.PolicyContent : isGroup(policy) ? policy.Content : undefined;
  return typeof content === 'string' ? content : undefined;
}

function problemsReading(problems: readonly PolicyProblem[], fileName: string): PolicyReading {
  const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const lines = sorted.map(({ line, column, path, problem }) => {
    return `${fileName}:${line}:${column}: ${path === '' ? '' : `${path}: `}${problem}`;
  });
  const rest = problems.length < MAX_PROBLEMS ? [] : [`Only the first ${MAX_PROBLEMS} problems are listed.`];
  return { problems: sorted, message: [...lines, ...rest].join('\n') };
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasOperators(value: unknown): boolean {
  if (Array.isArray(value)) return false;
  return isGroup(value) && Object.entries(value).some(([key, inner]) => key.startsWith('@@') || hasOperators(inner));
}
