/** A stand-in for AWS in a process of its own: `scan-upstream.js RESOURCES`. Tells its address and accounts, then, when asked, how many calls came. */

import { startAws } from '@fairway-mcp/aws-emulator';
import { generateEstate } from '@fairway-mcp/aws-sample';

export interface UpstreamReady {
  url: string;
  accounts: string[];
}

const estate = generateEstate({ seed: 1, size: Number(process.argv[2]), now: new Date().toISOString() });
const aws = await startAws(estate);
process.on('message', () => process.send?.(aws.requests.length));
const ready: UpstreamReady = { url: aws.url, accounts: estate.accounts.map(({ id }) => id) };
process.send?.(ready);
