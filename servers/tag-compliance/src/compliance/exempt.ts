import * as z from 'zod';
import type { Resource } from '../inventory/resource.ts';
import type { CompiledPolicy } from '../policy/compile-policy.ts';

/** What a policy leaves out. No answer with a score or a list leaves something out without these counts. */
export const exemptCountsSchema = z.object({
  /** Exempt resources: seen, and not counted elsewhere. */
  resources: z.int(),
  /** In the words of the policy; the commonest first. */
  by_reason: z.record(z.string(), z.int()),
  /** Resources that count because AWS does not tell their age: if they are new, a grace period would exempt them. */
  age_unknown: z.int(),
});
export type ExemptCounts = z.infer<typeof exemptCountsSchema>;

/** Asks about resources one after the other, and counts. */
export interface ExemptionTally {
  /** Whether the policy leaves the resource out. */
  leavesOut(resource: Resource): boolean;
  result(): ExemptCounts;
}

/** @param asOf when the resources were listed; without it their ages are not known */
export function createExemptionTally(policy: CompiledPolicy, asOf?: Date): ExemptionTally {
  const time = asOf?.getTime() ?? Number.NaN;
  const counts = new Map<string, number>();
  let [exempt, ageUnknown] = [0, 0];
  return {
    leavesOut(resource) {
      const { reason, isAgeUnknown } = policy.exemptionOf(resource, time);
      if (isAgeUnknown) ageUnknown++;
      if (reason === undefined) return false;
      exempt++;
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
      return true;
    },
    result() {
      const byReason = [...counts].sort(([, a], [, b]) => b - a);
      return { resources: exempt, by_reason: Object.fromEntries(byReason), age_unknown: ageUnknown };
    },
  };
}
