import type { Resource } from '../../inventory/resource.ts';
import type { CompiledPolicy } from '../../policy/compile-policy.ts';
import type { Violation } from '../../policy/violation.ts';
import type { ResourceIndex } from '../parents.ts';

/** What corrects all violations of one cause, from the least to the most work. */
export const FIXES = [
  /** The tag is there under a misspelt key. */
  'rename_keys',
  /** The value is right but for its spelling. */
  'respell_values',
  /** The tag is missing, and the resource that this one belongs to has it. */
  'copy_from_parent',
  'remove_keys',
  /** The right value is not known. */
  'replace_values',
  'remove_unused_tags',
  /** The tag is missing: what creates the resources has to set it, and somebody has to know the value. */
  'set_at_creation',
] as const;
export type Fix = (typeof FIXES)[number];

/** Violations that one change corrects. */
export interface Cause {
  fix: Fix;
  /** The type of the parent, the type of the resources, the tag; empty where one change corrects all. */
  about: string;
  violations: Violation[];
}

/** Groups violations by what corrects them, whatever their region, account and, where it makes no difference, tag and type. */
export function groupByCause(violations: readonly Violation[], index: ResourceIndex, policy: CompiledPolicy): Cause[] {
  const causes = new Map<string, Cause>();
  for (const violation of violations) {
    const { fix, about } = causeOf(violation, index, policy);
    const known = causes.get(`${fix} ${about}`);
    if (known === undefined) causes.set(`${fix} ${about}`, { fix, about, violations: [violation] });
    else known.violations.push(violation);
  }
  return [...causes.values()];
}

function causeOf(violation: Violation, index: ResourceIndex, policy: CompiledPolicy): Pick<Cause, 'fix' | 'about'> {
  const { kind, tag, type, suggestion } = violation;
  switch (kind) {
    case 'missing_required_tag': {
      const parent = taggedParent(violation, index, policy);
      return parent === undefined ? { fix: 'set_at_creation', about: type } : { fix: 'copy_from_parent', about: parent.type };
    }
    case 'near_miss_key':
      return { fix: 'rename_keys', about: '' };
    case 'near_miss_value':
    case 'invalid_value':
    case 'invalid_format':
      return suggestion === undefined ? { fix: 'replace_values', about: tag } : { fix: 'respell_values', about: '' };
    case 'prohibited_key':
      return { fix: 'remove_keys', about: tag };
    case 'too_many_tags':
      return { fix: 'remove_unused_tags', about: '' };
  }
}

/** Parents that many resources share say little about the owner of one of them: no tags are copied from them. */
const SHARED_PLACES = new Set(['ec2:vpc', 'ec2:subnet', 'ec2:security-group']);

/** The nearest parent that has the missing tag with a value that would be right for its child. */
function taggedParent({ arn, tag }: Violation, index: ResourceIndex, policy: CompiledPolicy): Resource | undefined {
  const resource = index.find(arn);
  if (resource === undefined) return undefined;
  const values = policy.rulesFor(resource.type).find(({ rule }) => rule.name === tag)?.values;
  return index.parentsOf(resource).find((parent) => {
    const value = parent.tags[tag];
    return !SHARED_PLACES.has(parent.type) && value !== undefined && values?.faultOf(value) === undefined;
  });
}
