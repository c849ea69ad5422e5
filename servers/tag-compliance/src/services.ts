import { setImmediate } from 'node:timers/promises';
import { sampleTagPolicy } from '@fairway-mcp/aws-sample';
import { type Finding, type Kit, UsageError } from '@fairway-mcp/kit';
import type { Config } from './config.ts';
import type { Scan, Source } from './inventory/source.ts';
import { type LoadedPolicy, loadPolicyFile, loadPolicyText } from './policy-file.ts';
import { createReportShelf, type ReportShelf } from './report-shelf.ts';
import { createSampleSource } from './sample/sample-source.ts';
import { createSnapshotStore, type SnapshotStore } from './snapshot-store.ts';
import { type Learned, learnTags } from './suggestions/suggest-tags.ts';
import { createAwsSource } from './upstream/aws-source.ts';

/** What the tools work with. */
export interface Services {
  source: Source;
  policy: LoadedPolicy;
  snapshots: SnapshotStore;
  /** What the tagged part of a scan teaches; made once for each scan. */
  learn(scan: Scan): Promise<Learned>;
  /** The reports that callers had made, for them to read as a resource. */
  reports: ReportShelf;
  health(signal: AbortSignal): Promise<Finding[]>;
  doctor(signal: AbortSignal): Promise<Finding[]>;
  close(): void;
}

/** @throws UsageError when there is no policy, or a bad one, or settings that contradict each other. */
export async function createServices(settings: Config, kit: Kit): Promise<Services> {
  refuseMixture(settings);
  const policy = choosePolicy(settings);
  const { source, ...upkeep } = settings.sample ? sampleSource(settings) : awsSource(settings, kit);
  return {
    source,
    policy,
    snapshots: await createSnapshotStore(kit.store),
    learn: rememberLast((scan) => learnTags(scan.resources, policy.compiled, () => setImmediate())),
    reports: createReportShelf(),
    ...upkeep,
  };
}

/** Whoever sets what to look into at AWS does not want to be answered from made-up data. */
function refuseMixture({ sample, accounts, regions, roleArn, externalId }: Config): void {
  const real = { '--accounts': accounts.length > 0, '--regions': regions.length > 0, '--role-arn': roleArn, '--external-id': externalId };
  const [first] = Object.entries(real).flatMap(([flag, value]) => (value ? [flag] : []));
  if (sample && first !== undefined)
    throw new UsageError(`--sample answers from a made-up organization, ${first} is about a real one. Take one of the two away.`);
}

function choosePolicy({ policy, sample }: Config): LoadedPolicy {
  if (policy !== undefined) return loadPolicyFile(policy);
  if (sample) return loadPolicyText(JSON.stringify(sampleTagPolicy), 'the sample policy');
  throw new UsageError('There is no policy to check against: name its file with --policy, or try the server with --sample.');
}

type Upkeep = Pick<Services, 'source' | 'health' | 'doctor' | 'close'>;

function sampleSource({ sampleSeed, sampleSize }: Config): Upkeep {
  const finding: Finding = { name: 'source', ok: true, detail: `A made-up organization of ${sampleSize} resources (--sample).` };
  return {
    source: createSampleSource({ seed: sampleSeed, size: sampleSize }),
    health: async () => [finding],
    doctor: async () => [finding],
    close: () => {},
  };
}

function awsSource(settings: Config, kit: Kit): Upkeep {
  const { awsRegion, awsProfile, roleArn, externalId } = settings;
  const source = createAwsSource(
    {
      ...(awsRegion !== undefined && { region: awsRegion }),
      ...(awsProfile !== undefined && { profile: awsProfile }),
      ...(roleArn !== undefined && { roleArn }),
      ...(externalId !== undefined && { externalId }),
      accounts: settings.accounts,
      regions: settings.regions,
      scanTtlSeconds: settings.scanMinutes * 60,
      parallel: settings.parallelListings,
      costTtlHours: settings.costHours,
      costBudgetUsd: settings.costBudget,
    },
    kit,
  );
  return { source, health: (signal) => source.health(signal), doctor: (signal) => source.doctor(signal), close: () => source.close() };
}

/** Learning takes a moment, and the same scan is asked about again and again, also while it goes on. */
function rememberLast<T>(make: (scan: Scan) => Promise<T>): (scan: Scan) => Promise<T> {
  let last: { id: string; made: Promise<T> } | undefined;
  return (scan) => {
    if (last?.id !== scan.id) {
      const made = make(scan);
      last = { id: scan.id, made };
      made.catch(() => {
        if (last?.made === made) last = undefined;
      });
    }
    return last.made;
  };
}
