import fs from 'node:fs';
import path from 'node:path';
import { type Estate, type EstateOptions, generateEstate, sampleTagPolicy } from '@fairway-mcp/aws/estate';
import { type Launch, temporaryFolder } from '@fairway-mcp/testing';
import { type AwsOptions, type AwsStandIn, startAws } from '@fairway-mcp/testing/aws';
import { onTestFinished } from 'vitest';
import { tagCompliance } from './programs.ts';

export interface AwsAndServer {
  aws: AwsStandIn;
  estate: Estate;
  /** The released server, looking into the stand-in as it would into AWS. */
  launch: Launch & { environment: Record<string, string> };
}

/** A stand-in for AWS that lasts as long as the test, and how to start the released server on it. */
export async function awsFor(estateOptions: EstateOptions, options: AwsOptions = {}): Promise<AwsAndServer> {
  const estate = generateEstate({ seed: 7, ...estateOptions });
  const aws = await startAws(estate, options);
  onTestFinished(() => aws.stop());
  const policy = path.join(temporaryFolder(), 'policy.json');
  fs.writeFileSync(policy, JSON.stringify(sampleTagPolicy));
  const environment = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_REGION: 'eu-central-1',
    AWS_CONFIG_FILE: path.join(temporaryFolder(), 'none'),
    AWS_SHARED_CREDENTIALS_FILE: path.join(temporaryFolder(), 'none'),
  };
  return { aws, estate, launch: { main: tagCompliance.main, args: ['--policy', policy], environment } };
}
