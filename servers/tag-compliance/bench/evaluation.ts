/**
 * The time to evaluate resources against a policy, compared with `JSON.parse` of the same data in the same process.
 *
 *     node servers/tag-compliance/bench/evaluation.ts [RESOURCES]
 */
import { evaluate } from '../src/compliance/evaluate.ts';
import type { Resource } from '../src/inventory/resource.ts';
import { compilePolicy } from '../src/policy/compile-policy.ts';
import { readPolicy } from '../src/policy/read-policy.ts';

const count = Number(process.argv[2] ?? 100_000);
const TYPES = ['ec2:instance', 'ec2:volume', 'ec2:snapshot', 's3:bucket', 'rds:db', 'lambda:function', 'sqs:queue', 'ecs:service'];
const ENVIRONMENTS = ['production', 'staging', 'development'];

/** Twenty rules: lists, wildcards, patterns, and some for few types only. */
function twentyRules(): string {
  const names = [
    'CostCenter',
    'Environment',
    'Owner',
    'Application',
    'Team',
    'DataClassification',
    'Backup',
    'Compliance',
    'Project',
    'Tier',
  ];
  const tags = [...names, ...names.map((name) => `acme:${name}`)].map((name, index) => ({
    name,
    allowed_values: name === 'Environment' ? ENVIRONMENTS : index % 5 === 4 ? ['team-*', 'shared'] : undefined,
    validation_regex: name === 'CostCenter' ? 'CC-\\d{4}' : name === 'Owner' ? '[a-z]+@example\\.com' : undefined,
    applies_to: index < 4 ? [] : TYPES.slice(index % 4, (index % 4) + 2),
  }));
  return JSON.stringify({ version: '1', required_tags: tags.slice(0, 5), optional_tags: tags.slice(5) });
}

/** A linear congruential generator: the same resources on every machine. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** About six tags each; roughly one resource in three breaks a rule. */
function generateResources(): Resource[] {
  const random = createRandom(7);
  return Array.from({ length: count }, (_, index) => {
    const type = TYPES[random(TYPES.length)] ?? 'ec2:instance';
    const id = `${type.replace(':', '-')}-${index.toString(16).padStart(8, '0')}`;
    const tags: Record<string, string> = { Name: id, Team: `team-${random(40)}`, 'aws:cloudformation:stack-name': `stack-${random(500)}` };
    if (random(20) > 0) tags[random(25) > 0 ? 'CostCenter' : 'costcenter'] = `CC-${1000 + random(200)}`;
    if (random(20) > 0) tags[random(25) > 0 ? 'Environment' : 'Enviroment'] = random(20) > 0 ? (ENVIRONMENTS[random(3)] ?? '') : 'Prod';
    if (random(20) > 0) tags.Owner = `user${'abcdefghij'[random(10)]}@example.com`;
    if (random(20) > 0) tags.Application = `app-${random(300)}`;
    return {
      arn: `arn:aws:${type.split(':')[0]}:eu-west-1:111122223333:${id}`,
      type,
      account: '111122223333',
      region: ['eu-west-1', 'us-east-1', 'eu-central-1'][random(3)] ?? '',
      name: id,
      tags,
      createdAt: '2026-01-01T00:00:00Z',
      parents: [`vpc-${random(30)}`],
    };
  });
}

/** The median of some runs, in milliseconds. */
function median(runs: number, work: () => void): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}

const reading = readPolicy(twentyRules(), 'policy.json');
if ('problems' in reading) throw new Error(reading.message);
const { policy } = reading;
const text = JSON.stringify(generateResources());
const parse = () => JSON.parse(text) as Resource[];
const resources = parse();

const parseTime = median(9, parse);
const coldStart = performance.now();
const { summary } = evaluate(resources, compilePolicy(policy));
const coldTime = performance.now() - coldStart;
const time = median(9, () => evaluate(resources, compilePolicy(policy)));

const lines = [
  `${count} resources, ${(text.length / 1e6).toFixed(1)} MB of JSON, ${policy.required_tags.length + policy.optional_tags.length} rules`,
  `${summary.in_scope} in scope, ${summary.non_compliant} not compliant, ${summary.violations} violations`,
  `JSON.parse      ${parseTime.toFixed(0)} ms`,
  `evaluate        ${time.toFixed(0)} ms (first run ${coldTime.toFixed(0)} ms), the policy compiled each time`,
  `ratio           ${(time / parseTime).toFixed(2)} (first run ${(coldTime / parseTime).toFixed(2)})`,
];
process.stdout.write(`${lines.join('\n')}\n`);
