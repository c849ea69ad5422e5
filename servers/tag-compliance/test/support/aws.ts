import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AwsEmulator, type AwsEmulatorOptions, startAwsEmulator } from '@fairway-mcp/aws-emulator';
import {
  generateOrganization,
  type Organization,
  type OrganizationOptions,
  type OrganizationResource,
  sampleTagPolicy,
} from '@fairway-mcp/aws-sample';
import { type Endpoint, type Launch, temporaryFolder } from '@fairway-mcp/testing';
import { onTestFinished } from 'vitest';
import { evaluate, type Summary } from '../../src/compliance/evaluate.ts';
import { compilePolicy } from '../../src/policy/compile-policy.ts';
import { readPolicy } from '../../src/policy/read-policy.ts';

/** The program that is published. */
export const PROGRAM = new URL('../../dist/main.js', import.meta.url);
export const ROLE = 'arn:aws:iam::{account}:role/FairwayReadOnly';
export const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLE';

export interface Upstream {
  organization: Organization;
  aws: AwsEmulator;
  /** Where a server finds the stand-in, and with whose credentials. */
  environment: Readonly<Record<string, string>>;
}

/** A stand-in for AWS that lasts as long as the test. */
export async function startUpstream(organizationOptions: OrganizationOptions = {}, options: AwsEmulatorOptions = {}): Promise<Upstream> {
  const organization = generateOrganization({ seed: 7, size: 400, ...organizationOptions });
  const aws = await startAwsEmulator(organization, options);
  onTestFinished(() => aws.stop());
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
export function policyFile(): string {
  const file = path.join(temporaryFolder(), 'policy.json');
  fs.writeFileSync(file, JSON.stringify(sampleTagPolicy));
  return file;
}

/** How a built server is started to look into the stand-in. */
export function launchOn(
  { environment }: Upstream,
  args: readonly string[] = [],
  stateDir = temporaryFolder(),
): Launch & { stateDir: string } {
  return { main: PROGRAM, args: ['--policy', policyFile(), ...args], environment, stateDir };
}

/** The same for clients that start the server themselves. */
export function endpointOf({ args = [], environment = {}, stateDir }: Launch & { stateDir: string }): Endpoint {
  const env = { ...environment, HOME: stateDir };
  return { command: process.execPath, args: [fileURLToPath(PROGRAM), '--state-dir', stateDir, ...args], env };
}

/** Types that only the Tagging API lists, so that what was never tagged stays unseen. */
const TAGGED_ONLY = /^(kms|secretsmanager|logs|cloudwatch|ecr|states|cloudfront):/;

/** What a scan must come to, counted without AWS, of the resources that fit. */
export function expectedSummary({ organization }: Upstream, fits: (resource: OrganizationResource) => boolean = () => true): Summary {
  const reading = readPolicy(JSON.stringify(sampleTagPolicy), 'policy.json');
  if ('problems' in reading) throw new Error(reading.message);
  const visible = organization.resources.filter((one) => fits(one) && (one.tags !== undefined || !TAGGED_ONLY.test(one.type)));
  const resources = visible.map(({ arn, type, account, region, name, tags = {}, createdAt, parents }) => {
    return { arn, type, account, region, name, tags, createdAt, parents };
  });
  return evaluate(resources, compilePolicy(reading.policy)).summary;
}
