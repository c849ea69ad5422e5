import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AwsEmulator, type AwsEmulatorOptions, startAwsEmulator } from '@fairway-mcp/aws-emulator';
import {
  generateOrganization,
  isAwsDefault,
  type Organization,
  type OrganizationOptions,
  type OrganizationResource,
  sampleTagPolicy,
} from '@fairway-mcp/aws-sample';
import { compileCache, type Endpoint, type fileLifetime, type Launch, temporaryFolder } from '@fairway-mcp/testing';
import { onTestFinished, vi } from 'vitest';
import { evaluate, type Summary } from '../../src/compliance/evaluate.ts';
import { compilePolicy } from '../../src/policy/compile-policy.ts';
import { readPolicy } from '../../src/policy/read-policy.ts';

/** Each test makes hundreds of calls to the emulator, which takes minutes on a machine that is ten times slower. */
vi.setConfig({ testTimeout: 300_000 });

/** The program that is published. */
export const PROGRAM = new URL('../../dist/main.js', import.meta.url);
export const ROLE = 'arn:aws:iam::{account}:role/FairwayReadOnly';
export const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLE';

type Lifetime = ReturnType<typeof fileLifetime>;

export interface Upstream {
  organization: Organization;
  aws: AwsEmulator;
  /** The address of the emulator and credentials, for a server. */
  environment: Readonly<Record<string, string>>;
}

/** Starts an emulator of AWS that is stopped at the end of the test. */
export async function startUpstream(
  organizationOptions: OrganizationOptions = {},
  options: AwsEmulatorOptions = {},
  lifetime: Lifetime = onTestFinished,
): Promise<Upstream> {
  const organization = generateOrganization({ seed: 7, size: 400, ...organizationOptions });
  const aws = await startAwsEmulator(organization, options);
  lifetime(() => aws.stop());
  return {
    organization,
    aws,
    environment: {
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: SECRET,
      AWS_REGION: 'eu-central-1',
    },
  };
}

/** The file of the sample company's policy. */
export function policyFile(lifetime?: Lifetime): string {
  const file = path.join(temporaryFolder(lifetime), 'policy.json');
  fs.writeFileSync(file, JSON.stringify(sampleTagPolicy));
  return file;
}

/** How to start the built server so that it scans the emulator. */
export function launchOn(
  { environment }: Upstream,
  args: readonly string[] = [],
  { lifetime, stateDir = temporaryFolder(lifetime) }: { lifetime?: Lifetime; stateDir?: string } = {},
): Launch & { stateDir: string } {
  return { main: PROGRAM, args: ['--policy', policyFile(lifetime), ...args], environment, stateDir };
}

/** The same for clients that start the server themselves. */
export function endpointOf({ args = [], environment = {}, stateDir }: Launch & { stateDir: string }): Endpoint {
  const env = { ...environment, HOME: stateDir, ...compileCache() };
  return { command: process.execPath, args: [fileURLToPath(PROGRAM), '--state-dir', stateDir, ...args], env };
}

/** Types that only the Tagging API lists, so that never-tagged resources are not found. */
const TAGGED_ONLY = /^(kms|secretsmanager|logs|cloudwatch|ecr|states|cloudfront):/;

/** The expected summary of a scan, computed without AWS from the resources that fit. */
export function expectedSummary({ organization }: Upstream, fits: (resource: OrganizationResource) => boolean = () => true): Summary {
  const reading = readPolicy(JSON.stringify(sampleTagPolicy), 'policy.json');
  if ('problems' in reading) throw new Error(reading.message);
  const visible = organization.resources.filter((one) => fits(one) && (one.tags !== undefined || !TAGGED_ONLY.test(one.type)));
  const resources = visible.map((one) => {
    const { arn, type, account, region, name, tags = {}, createdAt, parents } = one;
    return { arn, type, account, region, name, tags, createdAt, parents, ...(isAwsDefault(one) && { isAwsDefault: true as const }) };
  });
  return evaluate(resources, compilePolicy(reading.policy), { asOf: new Date() }).summary;
}
