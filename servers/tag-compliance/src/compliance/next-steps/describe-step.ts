import { someOf, type Violation } from '../../policy/violation.ts';
import { clip } from '../clip.ts';
import type { Cause } from './causes.ts';

/** How many names, keys or values a sentence lists before it counts the rest. */
const LISTED = 3;

const PARENT_NAMES: Readonly<Record<string, string>> = {
  'ec2:instance': 'the instance that they are attached to',
  'ec2:volume': 'the volume that they were taken of',
  'ecs:cluster': 'the cluster that they run in',
  'rds:cluster': 'the cluster that they belong to',
};

/** A step as a sentence. @param typeCounts how many resources there are of each type */
export function describeStep({ fix, about, violations }: Cause, typeCounts: ReadonlyMap<string, number>): string {
  const some = counted(distinct(violations).length, 'resource');
  const [first] = violations;
  switch (fix) {
    case 'rename_keys':
      return `Rename misspelt keys on ${some}; the values can stay: ${changes(violations, ({ found, tag }) => `"${clip(found)}" to ${tag}`)}.`;
    case 'respell_values':
      return `Correct the spelling of values on ${some}: ${changes(violations, ({ tag, current_value, suggestion }) => `${tag} "${clip(current_value)}" to "${clip(suggestion)}"`)}.`;
    case 'copy_from_parent':
      return `Copy ${tagCounts(violations)} to ${typesOf(violations)} from ${PARENT_NAMES[about] ?? `the ${about} that they belong to`}.`;
    case 'remove_keys':
      return `Remove the prohibited key ${about} from ${some}.`;
    case 'replace_values':
      return `Replace values of ${about} on ${some} (${changes(violations, ({ current_value }) => `"${clip(current_value)}"`)}): use ${someOf(first?.allowed_values ?? []) || first?.expected}.`;
    case 'remove_unused_tags':
      return `Remove unused tags from ${some}, which have more than AWS guarantees to keep (${first?.expected}).`;
    case 'set_at_creation': {
      const count = distinct(violations).length;
      return `Set ${tagCounts(violations)} on ${count} of ${typeCounts.get(about) ?? count} ${about}: in the template or pipeline that creates them, then on these.`;
    }
  }
}

function distinct(violations: readonly Violation[]): string[] {
  return [...new Set(violations.map(({ arn }) => arn))];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `Owner (12), CostCenter (3)` */
function tagCounts(violations: readonly Violation[]): string {
  return mostCommon(violations, ({ tag }) => tag)
    .map(([tag, count]) => `${tag} (${count})`)
    .join(', ');
}

/** `12 ec2:volume, 3 ec2:snapshot` */
function typesOf(violations: readonly Violation[]): string {
  const resources = [...new Map(violations.map((violation) => [violation.arn, violation])).values()];
  return mostCommon(resources, ({ type }) => type)
    .map(([type, count]) => `${count} ${type}`)
    .join(', ');
}

/** The most common changes with their numbers, and how many others there are. */
function changes(violations: readonly Violation[], describe: (violation: Violation) => string): string {
  const all = mostCommon(violations, describe);
  const rest = all.length - LISTED;
  const listed = all.slice(0, LISTED).map(([change, count]) => `${change} (${count})`);
  return `${listed.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function mostCommon(violations: readonly Violation[], nameOf: (violation: Violation) => string): [string, number][] {
  const groups = Map.groupBy(violations, nameOf);
  return [...groups]
    .map(([name, some]): [string, number] => [name, some.length])
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
}
