/**
 * How good suggested tags are: precision and recall against the true tags of generated estates. What is suggested for a resource is
 * learned from the tags that the estate shows; the truth is used for counting alone.
 *
 *     node servers/tag-compliance/bench/suggestions.ts [SIZE] [SEEDS...]
 */
import { type Estate, type EstateResource, generateEstate, sampleTagPolicy } from '@fairway-mcp/aws/estate';
import type { Resource } from '../src/inventory/resource.ts';
import type { Surroundings } from '../src/inventory/source.ts';
import { type CompiledPolicy, compilePolicy } from '../src/policy/compile-policy.ts';
import { readPolicy } from '../src/policy/read-policy.ts';
import { CONFIDENCE_FLOOR, type Learned, learnTags, suggestTags } from '../src/suggestions/suggest-tags.ts';

const FLOORS = [CONFIDENCE_FLOOR, 0.7, 0.8, 0.9, 0.95];

interface Trial {
  key: string;
  truth: string;
  /** Undefined: nothing was sure enough. */
  answer: { value: string; confidence: number } | undefined;
}

/** What is known: everything around a resource; its ARN alone; everything, but nine of ten resources have lost all their tags. */
const VIEWS = ['with surroundings', 'ARN alone', 'with surroundings, barely tagged'] as const;
type View = (typeof VIEWS)[number];

function toResource({ arn, type, account, region, name, tags, createdAt, parents }: EstateResource): Resource {
  return { arn, type, account, region, name, tags: tags ?? {}, createdAt, parents };
}

function toResources(estate: Estate, view: View): Resource[] {
  const strip = view === 'with surroundings, barely tagged';
  return estate.resources.map(toResource).map((resource, index) => (strip && index % 10 !== 3 ? { ...resource, tags: {} } : resource));
}

/** Who made it, and the role that its attributes name, as a source could find out. */
function principalsOf(estate: Estate, resource: EstateResource): Surroundings['principals'] {
  const byArn = new Map(
    estate.principals.flatMap((principal) => [
      [principal.arn, principal] as const,
      [principal.instanceProfile ?? principal.arn, principal] as const,
    ]),
  );
  const runsAs = Object.values(resource.attributes).find((value) => typeof value === 'string' && byArn.has(value));
  const relations = [[resource.createdBy, 'created by'] as const, [typeof runsAs === 'string' ? runsAs : undefined, 'runs as'] as const];
  return relations.flatMap(([arn, relation]) => {
    const principal = byArn.get(arn ?? '');
    return principal === undefined ? [] : [{ arn: principal.arn, relation, tags: principal.tags }];
  });
}

function trialsOn(estate: Estate, resources: readonly Resource[], policy: CompiledPolicy, learned: Learned, view: View): Trial[] {
  return resources.flatMap((resource, index) => {
    const isKnown = view !== 'ARN alone';
    const original = estate.resources[index];
    const principals = isKnown && original !== undefined ? principalsOf(estate, original) : [];
    const surroundings = { resource: isKnown ? resource : undefined, parents: [], principals };
    const { suggestions } = suggestTags({ arn: resource.arn, surroundings, learned, policy });
    const truth = estate.truth.get(resource.arn)?.tags ?? {};
    return wrongTags(resource, policy).map((key) => {
      return { key, truth: truth[key] ?? '', answer: suggestions.find((suggestion) => suggestion.key === key) };
    });
  });
}

function wrongTags(resource: Resource, policy: CompiledPolicy): string[] {
  const required = policy.rulesFor(resource.type).filter(({ isRequired }) => isRequired);
  return required
    .filter((rule) => rule.values.faultOf(policy.tagFor(rule, resource)?.value ?? '') !== undefined)
    .map(({ rule }) => rule.name);
}

function row(name: string, trials: readonly Trial[]): string {
  const cells = FLOORS.map((floor) => {
    const given = trials.filter(({ answer }) => (answer?.confidence ?? 0) >= floor);
    const right = given.filter(({ answer, truth }) => answer?.value === truth).length;
    return `${percent(right, given.length)} ${percent(right, trials.length)}`;
  });
  return [name.padEnd(20), String(trials.length).padStart(6), ...cells.map((cell) => cell.padStart(13))].join(' ');
}

function percent(part: number, whole: number): string {
  return (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)}`).padStart(5);
}

/** Whether a confidence means what it says. */
function calibration(trials: readonly Trial[]): string[] {
  return [0.5, 0.6, 0.7, 0.8, 0.9, 0.95].map((from, index, all) => {
    const to = all[index + 1] ?? 1;
    const inside = trials.flatMap(({ answer, truth }) =>
      answer && answer.confidence >= from && answer.confidence < to ? [{ answer, truth }] : [],
    );
    const right = inside.filter(({ answer, truth }) => answer.value === truth).length;
    return `  stated ${from.toFixed(2)} to ${to.toFixed(2)}: right ${percent(right, inside.length)} % of ${inside.length}`;
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
const reading = readPolicy(JSON.stringify(sampleTagPolicy), 'sample policy');
if ('problems' in reading) throw new Error(reading.message);
const policy = compilePolicy(reading.policy);
const all = new Map<View, Trial[]>(VIEWS.map((view) => [view, []]));
const learningTimes: number[] = [];
for (const seed of seeds.length > 0 ? seeds : [1, 2, 3]) {
  const estate = generateEstate({ seed, size });
  for (const [view, trials] of all) {
    const resources = toResources(estate, view);
    const start = performance.now();
    const learned = await learnTags(resources, policy, () => Promise.resolve());
    learningTimes.push(performance.now() - start);
    for (const trial of trialsOn(estate, resources, policy, learned, view)) trials.push(trial);
  }
}
process.stdout.write(`P precision, R recall in percent, by the least confidence that is asked for. Estates of ${size} resources.\n\n`);
for (const [view, trials] of all) process.stdout.write(`${report(view, trials)}\n`);
process.stdout.write(`Learning took at most ${Math.max(...learningTimes).toFixed(0)} ms.\n`);
