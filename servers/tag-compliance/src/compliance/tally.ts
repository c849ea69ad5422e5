import * as z from 'zod';

export const scopeCountsSchema = z.object({
  in_scope: z.int(),
  compliant: z.int(),
  non_compliant: z.int(),
  /** Compliant of those in scope, from 0 to 1; 1 when nothing is in scope, since then nothing is wrong. */
  score: z.number().min(0).max(1),
});
export type ScopeCounts = z.infer<typeof scopeCountsSchema>;

export function scopeCounts(inScope: number, compliant: number): ScopeCounts {
  return {
    in_scope: inScope,
    compliant,
    non_compliant: inScope - compliant,
    score: inScope === 0 ? 1 : compliant / inScope,
  };
}

/** Counts the resources in scope by name, such as a type or region. The name with the most non-compliant ones comes first. */
export function createTally() {
  const groups = new Map<string, { inScope: number; compliant: number }>();
  return {
    add(name: string, isCompliant: boolean): void {
      let group = groups.get(name);
      if (group === undefined) {
        group = { inScope: 0, compliant: 0 };
        groups.set(name, group);
      }
      group.inScope++;
      if (isCompliant) group.compliant++;
    },
    entries(): (readonly [string, ScopeCounts])[] {
      const entries = [...groups].map(([name, group]) => [name, scopeCounts(group.inScope, group.compliant)] as const);
      return entries.sort(
        ([nameA, a], [nameB, b]) => b.non_compliant - a.non_compliant || b.in_scope - a.in_scope || compare(nameA, nameB),
      );
    },
  };
}

export const countedViolationsSchema = z.object({
  violations: z.int(),
  /** Distinct resources: one may break a rule about a tag twice. */
  resources: z.int(),
});
export type CountedViolations = z.infer<typeof countedViolationsSchema>;

/** Counts violations by name, such as a kind or tag. The most common comes first. */
export function createViolationTally() {
  const groups = new Map<string, CountedViolations & { last: number }>();
  return {
    /** @param resource the number of the resource; all of its violations must be added one after the other. */
    add(name: string, resource: number): void {
      let group = groups.get(name);
      if (group === undefined) {
        group = { violations: 0, resources: 0, last: -1 };
        groups.set(name, group);
      }
      group.violations++;
      if (group.last !== resource) group.resources++;
      group.last = resource;
    },
    entries(): (readonly [string, CountedViolations])[] {
      const entries = [...groups].map(([name, { violations, resources }]) => [name, { violations, resources }] as const);
      return entries.sort(([nameA, a], [nameB, b]) => b.violations - a.violations || compare(nameA, nameB));
    },
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
