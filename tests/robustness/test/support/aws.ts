import fs from 'node:fs';
import path from 'node:path';
import { type AwsEmulator, type AwsEmulatorOptions, startAwsEmulator } from '@fairway-mcp/aws-emulator';
import { generateOrganization, type Organization, type OrganizationOptions, sampleTagPolicy } from '@fairway-mcp/aws-sample';
import { type Launch, temporaryFolder } from '@fairway-mcp/testing';
import { onTestFinished } from 'vitest';
import { tagCompliance } from './programs.ts';

export interface AwsAndServer {
  aws: AwsEmulator;
  organization: Organization;
  /** The two accounts with the most resources: that of the server's credentials, and that of {@link OTHER_ACCESS_KEY}. */
  accounts: readonly [string, string];
  /** The built server, with the emulator as its AWS. */
  launch: Launch & { environment: Record<string, string> };
}

const ACCESS_KEY = 'AKIAIOSFODNN7EXAMPLE';
/** The access key of another account. */
export const OTHER_ACCESS_KEY = 'AKIAIOSFODNN7ANOTHER';

/** Starts an AWS emulator, which stops when the test has ended. */
export async function awsFor(organizationOptions: OrganizationOptions, options: AwsEmulatorOptions = {}): Promise<AwsAndServer> {
  const organization = generateOrganization({ seed: 7, ...organizationOptions });
  const accounts = findLargestAccounts(organization);
  const aws = await startAwsEmulator(organization, {
    ...options,
    accessKeys: { [ACCESS_KEY]: accounts[0], [OTHER_ACCESS_KEY]: accounts[1] },
  });
  onTestFinished(() => aws.stop());
  const policy = path.join(temporaryFolder(), 'policy.json');
  fs.writeFileSync(policy, JSON.stringify(sampleTagPolicy));
  const environment = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: ACCESS_KEY,
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_REGION: 'eu-central-1',
    AWS_CONFIG_FILE: path.join(temporaryFolder(), 'none'),
    AWS_SHARED_CREDENTIALS_FILE: path.join(temporaryFolder(), 'none'),
  };
  return { aws, organization, accounts, launch: { main: tagCompliance.main, args: ['--policy', policy], environment } };
}

function findLargestAccounts({ resources }: Organization): readonly [string, string] {
  const byAccount = Object.entries(Object.groupBy(resources, ({ account }) => account));
  const [first = '', second = ''] = byAccount.sort(([, a = []], [, b = []]) => b.length - a.length).map(([account]) => account);
  return [first, second];
}
