import fs from 'node:fs';
import path from 'node:path';
import { type AwsEmulator, type AwsEmulatorOptions, startAwsEmulator } from '@fairway-mcp/aws-emulator';
import { generateOrganization, type Organization, type OrganizationOptions, sampleTagPolicy } from '@fairway-mcp/aws-sample';
import { type Launch, temporaryFolder } from '@fairway-mcp/testing';
import { onTestFinished } from 'vitest';
import { tagCompliance } from './programs.ts';

export interface AwsAndServer {
  aws: AwsEmulator;
  estate: Organization;
  /** The accounts that own most: that of the server's credentials, and that of {@link OTHER_ACCESS_KEY}. */
  accounts: readonly [string, string];
  /** The released server, looking into the stand-in as it would into AWS. */
  launch: Launch & { environment: Record<string, string> };
}

const ACCESS_KEY = 'AKIAIOSFODNN7EXAMPLE';
/** Somebody else's, in another account. */
export const OTHER_ACCESS_KEY = 'AKIAIOSFODNN7ANOTHER';

/** A stand-in for AWS that lasts as long as the test, and how to start the released server on it. */
export async function awsFor(estateOptions: OrganizationOptions, options: AwsEmulatorOptions = {}): Promise<AwsAndServer> {
  const estate = generateOrganization({ seed: 7, ...estateOptions });
  const accounts = busiest(estate);
  const aws = await startAwsEmulator(estate, { ...options, accessKeys: { [ACCESS_KEY]: accounts[0], [OTHER_ACCESS_KEY]: accounts[1] } });
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
  return { aws, estate, accounts, launch: { main: tagCompliance.main, args: ['--policy', policy], environment } };
}

function busiest({ resources }: Organization): readonly [string, string] {
  const owned = Object.entries(Object.groupBy(resources, ({ account }) => account));
  const [first = '', second = ''] = owned.sort(([, a = []], [, b = []]) => b.length - a.length).map(([account]) => account);
  return [first, second];
}
