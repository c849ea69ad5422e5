/** A stand-in for AWS in a process of its own: `scan-upstream.js RESOURCES`. Tells its address and accounts, then, when asked, how many calls came. */

import { startAwsEmulator } from '@fairway-mcp/aws-emulator';
import { generateOrganization } from '@fairway-mcp/aws-sample';

export interface UpstreamReady {
  url: string;
  accounts: string[];
}

const estate = generateOrganization({ seed: 1, size: Number(process.argv[2]), now: new Date().toISOString() });
const aws = await startAwsEmulator(estate);
process.on('message', () => process.send?.(aws.requests.length));
const ready: UpstreamReady = { url: aws.url, accounts: estate.accounts.map(({ id }) => id) };
process.send?.(ready);
