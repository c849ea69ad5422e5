/**
 * Emulates AWS in a process of its own: `scan-upstream.ts RESOURCES`. Sends its address and accounts to its parent and answers
 * each message with the number of calls so far.
 */
import { startAwsEmulator } from '@fairway-mcp/aws-emulator';
import { generateOrganization } from '@fairway-mcp/aws-sample';

export interface UpstreamReady {
  url: string;
  accounts: string[];
}

const organization = generateOrganization({ seed: 1, size: Number(process.argv[2]), now: new Date().toISOString() });
const aws = await startAwsEmulator(organization);
process.on('message', () => process.send?.(aws.requests.length));
const ready: UpstreamReady = { url: aws.url, accounts: organization.accounts.map(({ id }) => id) };
process.send?.(ready);
