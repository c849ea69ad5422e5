import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { sampleTagPolicy } from '@fairway-mcp/aws-sample';
import { type BenchmarkContext, StdioClient, startProgram, usageOf } from '@fairway-mcp/testing/bench';
import type { UpstreamReady } from './scan-upstream.ts';

export interface ScanResult {
  resources: number;
  seconds: number;
  /** Memory of the server before the scan, and its peak. */
  idleMb: number | undefined;
  peakMb: number | undefined;
  upstreamCalls: number;
  /** How many progress notifications came. */
  progress: number;
}

/** One full scan of an emulated AWS by the built server, over stdio, until its answer is complete. */
export async function measureScan(size: number, context: BenchmarkContext): Promise<ScanResult> {
  const upstream = startProgram('client', path.join(import.meta.dirname, 'scan-upstream.ts'), {
    args: [String(size)],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const folder = fs.mkdtempSync(path.join(context.folder, 'scan-'));
  try {
    const [ready] = (await once(upstream, 'message')) as [UpstreamReady];
    const server = startServer(context.program, folder, ready);
    try {
      const scan = await runScan(server);
      upstream.send('how many calls?');
      const [upstreamCalls] = (await once(upstream, 'message')) as [number];
      context.print(`${scan.resources} resources: ${scan.seconds.toFixed(1)} s, ${upstreamCalls} calls`);
      return { ...scan, upstreamCalls };
    } finally {
      server.kill('SIGKILL');
    }
  } finally {
    upstream.kill('SIGKILL');
  }
}

function startServer(program: string, folder: string, { url, accounts }: UpstreamReady): ChildProcess {
  const policy = path.join(folder, 'policy.json');
  fs.writeFileSync(policy, JSON.stringify(sampleTagPolicy));
  return startProgram('server', program, {
    args: ['--policy', policy, '--state-dir', folder, '--deadline-seconds', '3600', '--log-level', 'error'],
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret',
      AWS_REGION: 'eu-central-1',
      FAIRWAY_ACCOUNTS: accounts.join(','),
      FAIRWAY_ROLE_ARN: 'arn:aws:iam::{account}:role/reader',
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

async function runScan(server: ChildProcess): Promise<Omit<ScanResult, 'upstreamCalls'>> {
  const client = new StdioClient(server);
  await client.initialize();
  await client.request('tools/list');
  const idleMb = usageOf(server.pid)?.rssMb;
  const started = performance.now();
  const answer = await client.request('tools/call', {
    name: 'check_tag_compliance',
    arguments: { limit: 10 },
    _meta: { progressToken: 1 },
  });
  const seconds = (performance.now() - started) / 1000;
  return { resources: countResources(answer), seconds, idleMb, peakMb: usageOf(server.pid)?.peakRssMb, progress: client.progress };
}

function countResources(answer: unknown): number {
  const { structuredContent } = answer as {
    structuredContent?: { summary: { resources: number }; about: { complete: boolean; coverage: string } };
  };
  if (structuredContent === undefined) throw new Error(`The scan failed: ${JSON.stringify(answer)}`);
  if (!structuredContent.about.complete) throw new Error(`The scan is incomplete: ${structuredContent.about.coverage}`);
  return structuredContent.summary.resources;
}
