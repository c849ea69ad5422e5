import type { Resource } from '../inventory/resource.ts';
import { AWS_DEFAULT_REASON, isAwsDefault } from './aws-defaults.ts';
import { createBoundedMemo } from './memo.ts';
import type { Exemption, Policy } from './policy.ts';
import { fitOf } from './type-pattern.ts';
import { compileGlob } from './value-pattern.ts';

/** Whether a resource is exempt from the policy. */
export interface ExemptionResult {
  /** Why it is exempt, in the words of the policy; absent when it is not. */
  reason: string | undefined;
  /** It would be exempt if it were new, but its service does not tell its age. */
  isAgeUnknown: boolean;
}

const NOT_EXEMPT: ExemptionResult = { reason: undefined, isAgeUnknown: false };
const AGE_UNKNOWN: ExemptionResult = { reason: undefined, isAgeUnknown: true };
const AWS_DEFAULT: ExemptionResult = { reason: AWS_DEFAULT_REASON, isAgeUnknown: false };
const DAY_MS = 86_400_000;

interface CompiledExemption {
  appliesTo: readonly string[];
  result: ExemptionResult;
  /** All conditions but the age. */
  fits(resource: Resource): boolean;
  graceMs: number | undefined;
}

/**
 * Compiles the exemptions of a policy. Of several that fit, the first counts; what AWS made comes before all of them.
 * @returns asks about one resource. `asOf`: when it was listed, in milliseconds since the epoch; grace periods end before it.
 */
export function compileExemptions(policy: Policy): (resource: Resource, asOf: number) => ExemptionResult {
  const compiled = policy.exemptions.map(compile);
  const forType = createBoundedMemo((type) => compiled.filter(({ appliesTo }) => fitOf(appliesTo, type) > 0));
  return (resource, asOf) => {
    if (policy.exempt_aws_defaults && isAwsDefault(resource)) return AWS_DEFAULT;
    let isAgeUnknown = false;
    for (const { fits, graceMs, result } of forType(resource.type)) {
      if (!fits(resource)) continue;
      if (graceMs === undefined) return result;
      const age = asOf - Date.parse(resource.createdAt ?? '');
      if (age < graceMs) return result;
      if (Number.isNaN(age)) isAgeUnknown = true;
    }
    return isAgeUnknown ? AGE_UNKNOWN : NOT_EXEMPT;
  };
}

function compile({ reason, applies_to, arns, names, tags, grace_days }: Exemption): CompiledExemption {
  const [fitsArn, fitsName] = [anyOf(arns), anyOf(names)];
  const wantedTags = Object.entries(tags).map(([key, value]) => ({ key, fits: compileGlob(value) }));
  return {
    appliesTo: applies_to,
    result: { reason, isAgeUnknown: false },
    graceMs: grace_days === undefined ? undefined : grace_days * DAY_MS,
    fits: (resource) =>
      fitsArn(resource.arn) &&
      fitsName(resource.name) &&
      wantedTags.every(({ key, fits }) => Object.hasOwn(resource.tags, key) && fits(resource.tags[key] ?? '')),
  };
}

/** No pattern at all fits everything. */
function anyOf(patterns: readonly string[]): (text: string) => boolean {
  const globs = patterns.map(compileGlob);
  return (text) => globs.length === 0 || globs.some((fits) => fits(text));
}
