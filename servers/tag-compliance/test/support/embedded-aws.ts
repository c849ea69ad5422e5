import type { AwsEmulatorOptions } from '@fairway-mcp/aws-emulator';
import type { OrganizationOptions } from '@fairway-mcp/aws-sample';
import { embed } from '@fairway-mcp/kit/embed';
import { temporaryFolder } from '@fairway-mcp/testing';
import type { Client } from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';
import server from '../../src/server.ts';
import { type EmulatedAws, startEmulatedAws } from '../../src/upstream/emulated-aws.fixture.ts';
import { policyFile } from './aws.ts';
import { openClient } from './sample.ts';

export interface EmbeddedAws extends Pick<EmulatedAws, 'aws' | 'organization' | 'calls'> {
  client: Client;
  /** The account of the credentials. */
  own: string;
}

/** The server inside this process, on an emulator of AWS, with a client. All end with the test. */
export async function serveAws(
  args: readonly string[] = [],
  { organization, emulator }: { organization?: OrganizationOptions; emulator?: AwsEmulatorOptions } = {},
): Promise<EmbeddedAws> {
  const emulated = await startEmulatedAws(organization, emulator);
  return { ...emulated, own: emulated.organization.accounts[0]?.id ?? '', client: await serveHere(args) };
}

/** The server inside this process, on whatever AWS the environment names, with a client. Both end with the test. */
export async function serveHere(args: readonly string[] = []): Promise<Client> {
  const embedded = await embed(server, ['--policy', policyFile(), '--state-dir', temporaryFolder(), '--drain-seconds', '2', ...args]);
  onTestFinished(() => embedded.close());
  return openClient(embedded.url);
}
