/**
 * How good suggested tags are: precision and recall against the true tags of generated organizations. What is suggested for a resource is
 * learned from the tags that the organization shows; the truth is used for counting alone.
 *
 *     node servers/tag-compliance/bench/suggestions.ts [SIZE] [SEEDS...]
 */
import { generateOrganization } from '@fairway-mcp/aws-sample';
import { CONFIDENCE_FLOOR, learnTags } from '../src/suggestions/suggest-tags.ts';
import { qualityOf, samplePolicy, type Trial, toResources, trialsOn, VIEWS, type View } from './suggestion-trials.ts';

const FLOORS = [CONFIDENCE_FLOOR, 0.7, 0.8, 0.9, 0.95];

function row(name: string, trials: readonly Trial[]): string {
  const cells = FLOORS.map((floor) => {
    const { precision, recall } = qualityOf(trials, floor);
    return `${percent(precision)} ${percent(recall)}`;
  });
  return [name.padEnd(20), String(trials.length).padStart(6), ...cells.map((cell) => cell.padStart(13))].join(' ');
}

function percent(share: number): string {
  return (Number.isNaN(share) ? '-' : (100 * share).toFixed(1)).padStart(5);
}

/** Whether a confidence means what it says. */
function calibration(trials: readonly Trial[]): string[] {
  return [0.5, 0.6, 0.7, 0.8, 0.9, 0.95].map((from, index, all) => {
    const to = all[index + 1] ?? 1;
    const inside = trials.flatMap(({ answer, truth }) =>
      answer && answer.confidence >= from && answer.confidence < to ? [{ answer, truth }] : [],
    );
    const right = inside.filter(({ answer, truth }) => answer.value === truth).length;
    return `  stated ${from.toFixed(2)} to ${to.toFixed(2)}: right ${percent(right / inside.length)} % of ${inside.length}`;
  });
}

function report(title: string, trials: readonly Trial[]): string {
  const head = ['tag'.padEnd(20), ' tags', ...FLOORS.map((floor) => `  >= ${floor.toFixed(2)} P R`.padStart(14))].join(' ');
  const keys = [...new Set(trials.map(({ key }) => key))].sort();
  const rows = keys.map((key) =>
    row(
      key,
      trials.filter((trial) => trial.key === key),
    ),
  );
  return [title, head, ...rows, row('all', trials), ...calibration(trials), ''].join('\n');
}

const [size = 3000, ...seeds] = process.argv.slice(2).map(Number);
const policy = samplePolicy();
const all = new Map<View, Trial[]>(VIEWS.map((view) => [view, []]));
const learningTimes: number[] = [];
for (const seed of seeds.length > 0 ? seeds : [1, 2, 3]) {
  const organization = generateOrganization({ seed, size });
  for (const [view, trials] of all) {
    const resources = toResources(organization, view);
    const start = performance.now();
    const learned = await learnTags(resources, policy);
    learningTimes.push(performance.now() - start);
    for (const trial of trialsOn(organization, resources, policy, learned, view)) trials.push(trial);
  }
}
process.stdout.write(
  `P precision, R recall in percent, by the least confidence that is asked for. Organizations of ${size} resources.\n\n`,
);
for (const [view, trials] of all) process.stdout.write(`${report(view, trials)}\n`);
process.stdout.write(`Learning took at most ${Math.max(...learningTimes).toFixed(0)} ms.\n`);
