import { type AwsEmulator, type AwsEmulatorOptions, startAwsEmulator } from '@fairway-mcp/aws-emulator';
import { generateOrganization, type Organization, type OrganizationOptions, type OrganizationResource } from '@fairway-mcp/aws-sample';
import { createCache, createMemoryCache } from '@fairway-mcp/cache';
import { openSqlite } from '@fairway-mcp/store';
import { onTestFinished, vi } from 'vitest';
import type { CallContext, ScanQuery } from '../inventory/source.ts';
import { type AwsSettings, type AwsSource, type AwsSourceDependencies, createAwsSource } from './aws-source.ts';

export interface EmulatedAws {
  organization: Organization;
  aws: AwsEmulator;
  /** A source with its own cache. Its clients find the emulator by the environment, as they would find AWS. */
  source(settings?: Partial<AwsSettings>, ports?: Partial<AwsSourceDependencies>): AwsSource;
  /** How many calls were made, by `service:operation`. */
  calls(): Record<string, number>;
}

/** A scan makes hundreds of calls to the emulator, which takes minutes on a machine that is ten times slower. */
vi.setConfig({ testTimeout: 300_000 });

const SETTINGS: AwsSettings = {
  accounts: [],
  regions: [],
  scanTtlSeconds: 600,
  concurrency: 24,
  costTtlHours: 6,
  costBudgetUsd: 1,
  attempts: 1,
};

/** Starts an emulator of AWS that is stopped at the end of the test. */
export async function startEmulatedAws(
  organizationOptions: OrganizationOptions = {},
  options: AwsEmulatorOptions = {},
): Promise<EmulatedAws> {
  const organization = generateOrganization({ seed: 7, size: 400, ...organizationOptions });
  const aws = await startAwsEmulator(organization, options);
  vi.stubEnv('AWS_ENDPOINT_URL', aws.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  const sources: AwsSource[] = [];
  onTestFinished(async () => {
    for (const source of sources) source.close();
    vi.unstubAllEnvs();
    await aws.stop();
  });
  return {
    organization,
    aws,
    source(settings = {}, ports = {}) {
      const source = createAwsSource(
        { ...SETTINGS, ...settings },
        { cache: createCache(createMemoryCache()), store: openSqlite({ file: ':memory:' }), log: silent, now: () => new Date(), ...ports },
      );
      sources.push(source);
      return source;
    },
    calls() {
      const counts: Record<string, number> = {};
      for (const { service, operation } of aws.requests) counts[`${service}:${operation}`] = (counts[`${service}:${operation}`] ?? 0) + 1;
      return counts;
    },
  };
}

const nothing = () => undefined;
const silent = { debug: nothing, warn: nothing, error: nothing };

export const EVERYTHING: ScanQuery = { types: [], regions: [], accounts: [], refresh: false };

export function withoutDeadline(signal: AbortSignal = new AbortController().signal): CallContext {
  return { signal, deadline: undefined, progress: nothing };
}

/** Types that only the Tagging API lists. */
const TAGGED_ONLY = /^(kms|secretsmanager|logs|cloudwatch|ecr|states|cloudfront):/;

/** ARNs of what can be seen of some resources, in order: the never-tagged ones of types without a listing cannot. */
export function visible(resources: readonly OrganizationResource[]): string[] {
  return arns(resources.filter(({ type, tags }) => tags !== undefined || !TAGGED_ONLY.test(type)));
}

export function arns(resources: readonly { arn: string }[]): string[] {
  return resources.map(({ arn }) => arn).sort();
}
