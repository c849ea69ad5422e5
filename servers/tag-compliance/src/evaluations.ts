import { waitFor } from '@fairway-mcp/async';
import { LRUCache } from 'lru-cache';
import { type Evaluation, evaluateInPieces, type SeverityFilter } from './compliance/evaluate.ts';
import type { Scan } from './inventory/source.ts';
import type { CompiledPolicy } from './policy/compile-policy.ts';

/** Evaluates scans. The same question about the same scan is computed once, also when many callers ask it at the same time. */
export interface Evaluations {
  /**
   * @param costs monthly cost by ARN, as decimal strings. With costs nothing is kept: they change by themselves.
   * @param signal ends this caller's wait, and the evaluation itself where it is not shared
   */
  of(
    scan: Scan,
    question: { severity: SeverityFilter; costs?: ReadonlyMap<string, string> | undefined },
    signal: AbortSignal,
  ): Promise<Evaluation>;
}

/** The most violations in all kept evaluations together: about 100 MB. */
const MAX_VIOLATIONS = 250_000;
const MAX_KEPT = 8;

export function createEvaluations(policy: CompiledPolicy): Evaluations {
  const running = new Map<string, Promise<Evaluation>>();
  const kept = new LRUCache<string, Evaluation>({
    max: MAX_KEPT,
    maxSize: MAX_VIOLATIONS,
    sizeCalculation: ({ violations }) => violations.length + 1,
  });

  /** Not ended by the signal of one caller: others may wait for it. */
  function compute(key: string, scan: Scan, severity: SeverityFilter): Promise<Evaluation> {
    const computing = evaluateInPieces(scan.resources, policy, { severity, asOf: new Date(scan.asOf) })
      .then((evaluation) => {
        kept.set(key, evaluation);
        return evaluation;
      })
      .finally(() => running.delete(key));
    running.set(key, computing);
    return computing;
  }

  return {
    async of(scan, { severity, costs }, signal) {
      if (costs !== undefined) return evaluateInPieces(scan.resources, policy, { severity, costs, asOf: new Date(scan.asOf) }, signal);
      // The time of the scan counts: grace periods end with it.
      const key = `${scan.id} ${scan.asOf} ${severity}`;
      return kept.get(key) ?? waitFor(running.get(key) ?? compute(key, scan, severity), { signal });
    },
  };
}
