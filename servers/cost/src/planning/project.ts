import { addDays, addMonths, countDays } from '../bill/days.ts';
import type { Units } from '../bill/units.ts';
import type { Expected, Forecast } from './planning.ts';

/** How many days back the daily costs count. */
export const HISTORY_DAYS = 28;
/** Four of five cases lie within so many standard deviations. */
const WIDTH_PER_MILLE = 1282n;

/** What days usually cost: the mean of each weekday, and how far days were from it. */
interface Habit {
  mean(day: string): Units;
  variance: bigint;
}

/**
 * A forecast from the bill alone: each weekday costs what it did on average in the last four weeks. Days vary independently, so that the
 * interval of a month is narrower than the sum of those of its days.
 * @param history daily costs up to yesterday; days without one cost nothing
 */
export function projectCosts(history: ReadonlyMap<string, Units>, today: string, months: number): Forecast {
  const habit = learnHabit(history, today);
  const monthStart = addMonths(today, 0);
  const actual = sum(daysBetween(monthStart, today).map((day) => history.get(day) ?? 0n));
  const starts = Array.from({ length: months }, (_, index) => (index === 0 ? today : addMonths(today, index)));
  const told = starts.map((start) => ({ start, ...expectedOf(habit, start, addMonths(start, 1)) }));
  const [rest = { start: today, expected: 0n, low: 0n, high: 0n }] = told;
  return {
    actual,
    monthEnd: { expected: actual + rest.expected, low: actual + rest.low, high: actual + rest.high },
    months: told,
    days: daysBetween(today, addMonths(today, 1)).map((day) => ({ start: day, ...expectedOf(habit, day, addDays(day, 1)) })),
  };
}

function learnHabit(history: ReadonlyMap<string, Units>, today: string): Habit {
  const days = daysBetween(addDays(today, -HISTORY_DAYS), today);
  const costs = Map.groupBy(days, weekdayOf);
  const means = new Map(
    [...costs].map(([weekday, same]) => [weekday, sum(same.map((day) => history.get(day) ?? 0n)) / BigInt(same.length)]),
  );
  const mean = (day: string) => means.get(weekdayOf(day)) ?? 0n;
  const squares = days.map((day) => ((history.get(day) ?? 0n) - mean(day)) ** 2n);
  return { mean, variance: sum(squares) / BigInt(days.length) };
}

function expectedOf({ mean, variance }: Habit, start: string, end: string): Expected {
  const days = daysBetween(start, end);
  const expected = sum(days.map(mean));
  const width = (root(variance * BigInt(days.length)) * WIDTH_PER_MILLE) / 1000n;
  return { expected, low: expected > width ? expected - width : 0n, high: expected + width };
}

export function daysBetween(start: string, end: string): string[] {
  return Array.from({ length: Math.max(0, countDays({ start, end })) }, (_, index) => addDays(start, index));
}

function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

export function sum(amounts: readonly Units[]): Units {
  return amounts.reduce((all, amount) => all + amount, 0n);
}

/** The whole part of a square root, by Newton's method. */
function root(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const better = (guess + value / guess) >> 1n;
    if (better >= guess) return guess;
    guess = better;
  }
}
