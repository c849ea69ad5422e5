import type { Units } from '../bill/units.ts';
import type { Budget, Forecast } from './planning.ts';

/** The first day on which what was spent, and is expected to be spent, exceeds the limit. */
export function breachDate({ limit, actual, timeUnit }: Omit<Budget, 'breachDate'>, { days }: Forecast, today: string): string | undefined {
  if (actual > limit) return today;
  if (timeUnit !== 'MONTHLY') return undefined;
  let spent: Units = actual;
  for (const { start, expected } of days) {
    spent += expected;
    if (spent > limit) return start;
  }
  return undefined;
}
