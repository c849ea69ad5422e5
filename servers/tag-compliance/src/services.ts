import { sampleTagPolicy } from '@fairway-mcp/aws-sample';
import { type Finding, type Kit, UsageError } from '@fairway-mcp/kit';
import type { Config } from './config.ts';
import { createEvaluations, type Evaluations } from './evaluations.ts';
import { regionDoubts } from './inventory/region-doubt.ts';
import type { Scan, Source } from './inventory/source.ts';
import { type LoadedPolicy, loadPolicyFile, loadPolicyText } from './policy-file.ts';
import { createRecentReports, type RecentReports } from './recent-reports.ts';
import { createSampleSource } from './sample/sample-source.ts';
import { createSnapshotStore, type SnapshotStore } from './snapshot-store.ts';
import { type Learned, learnTags } from './suggestions/suggest-tags.ts';
import { createAwsSource } from './upstream/aws-source.ts';

/** What the tools work with. */
export interface Services {
  source: Source;
  policy: LoadedPolicy;
  snapshots: SnapshotStore;
  evaluations: Evaluations;
  /** Learns tag values from a scan; the result is cached for the last scan. */
  learn(scan: Scan): Promise<Learned>;
  /** The last report of each caller, to read as a resource. */
  reports: RecentReports;
  health(signal: AbortSignal): Promise<Finding[]>;
  doctor(signal: AbortSignal): Promise<Finding[]>;
  close(): void;
}

/** @throws UsageError when there is no policy, or a bad one, or settings that contradict each other. */
export async function createServices(settings: Config, kit: Kit): Promise<Services> {
  rejectContradictions(settings);
  const policy = choosePolicy(settings);
  const { source, ...lifecycle } = settings.sample ? sampleSource(settings) : awsSource(settings, kit);
  return {
    source,
    policy,
    snapshots: await createSnapshotStore(kit.store),
    evaluations: createEvaluations(policy.compiled),
    learn: cacheLast((scan) => learnTags(scan.resources, policy.compiled)),
    reports: createRecentReports(() => kit.resources.listChanged()),
    ...lifecycle,
  };
}

/** An operator who configures AWS accounts does not want answers from sample data. */
function rejectContradictions({ sample, accounts, regions, roleArn, externalId }: Config): void {
  const real = { '--accounts': accounts.length > 0, '--regions': regions.length > 0, '--role-arn': roleArn, '--external-id': externalId };
  const [first] = Object.entries(real).flatMap(([flag, value]) => (value ? [flag] : []));
  if (sample && first !== undefined)
    throw new UsageError(`--sample answers from a made-up organization, ${first} is for a real one. Remove one of the two.`);
}

function choosePolicy({ policy, sample }: Config): LoadedPolicy {
  if (policy !== undefined) return loadPolicyFile(policy);
  if (sample) return loadPolicyText(JSON.stringify(sampleTagPolicy), 'the sample policy');
  throw new UsageError('There is no policy to check against. Name its file with --policy, or try the server with --sample.');
}

type SourceAndLifecycle = Pick<Services, 'source' | 'health' | 'doctor' | 'close'>;

function sampleSource({ sampleSeed, sampleSize }: Config): SourceAndLifecycle {
  const finding: Finding = { name: 'source', ok: true, detail: `A made-up organization of ${sampleSize} resources (--sample).` };
  return {
    source: createSampleSource({ seed: sampleSeed, size: sampleSize }),
    health: async () => [finding],
    doctor: async () => [finding],
    close: () => {},
  };
}

/** A new region must work, so that the server starts with one that it does not know. */
function warnOfUnknownRegions({ awsRegion, regions }: Config, log: Kit['log']): void {
  for (const doubt of regionDoubts([...(awsRegion === undefined ? [] : [awsRegion]), ...regions]))
    log.warn(`${doubt} To check it against the account, run doctor.`);
}

function awsSource(settings: Config, kit: Kit): SourceAndLifecycle {
  warnOfUnknownRegions(settings, kit.log);
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
      concurrency: settings.parallelListings,
      costTtlHours: settings.costHours,
      costBudgetUsd: settings.costBudget,
    },
    kit,
  );
  return { source, health: (signal) => source.health(signal), doctor: (signal) => source.doctor(signal), close: () => source.close() };
}

/** Learning takes a while, and several calls use the same scan, also while it is being learned from. */
function cacheLast<T>(make: (scan: Scan) => Promise<T>): (scan: Scan) => Promise<T> {
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
