import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { sampleTagPolicy } from '@fairway-mcp/aws-sample';
import { workshop } from './build.ts';
import { Pipe } from './pipe.ts';
import { start, usageOf } from './processes.ts';
import type { UpstreamReady } from './scan-upstream.ts';

export interface ScanResult {
  resources: number;
  seconds: number;
  /** Memory of the server at its start, and the most that it ever had. */
  restingMb: number | undefined;
  peakMb: number | undefined;
  upstreamCalls: number;
  progress: number;
}

export const SCAN_SIZES = [1_000, 10_000, 100_000] as const;

/** One full scan of a stand-in for AWS by the built server, over stdio, until its answer is whole. */
export async function measureScan(size: number, programs: string, server: string, tell: (line: string) => void): Promise<ScanResult> {
  const upstream = start('client', path.join(programs, 'scan-upstream.js'), {
    args: [String(size)],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const folder = fs.mkdtempSync(path.join(workshop, 'scan-'));
  try {
    const [{ url, accounts }] = (await once(upstream, 'message')) as [UpstreamReady];
    const policy = path.join(folder, 'policy.json');
    fs.writeFileSync(policy, JSON.stringify(sampleTagPolicy));
    const child = start('server', server, {
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
    try {
      const pipe = new Pipe(child);
      await pipe.initialize();
      await pipe.request('tools/list');
      const resting = usageOf(child.pid);
      const started = performance.now();
      const answer = await pipe.request('tools/call', {
        name: 'check_tag_compliance',
        arguments: { limit: 10 },
        _meta: { progressToken: 1 },
      });
      const seconds = (performance.now() - started) / 1000;
      const peak = usageOf(child.pid);
      const resources = resourcesIn(answer);
      upstream.send('how many calls?');
      const [upstreamCalls] = (await once(upstream, 'message')) as [number];
      tell(`${resources} resources: ${seconds.toFixed(1)} s, ${upstreamCalls} calls`);
      return { resources, seconds, restingMb: resting?.rssMb, peakMb: peak?.peakRssMb, upstreamCalls, progress: pipe.progress };
    } finally {
      child.kill('SIGKILL');
    }
  } finally {
    upstream.kill('SIGKILL');
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function resourcesIn(answer: unknown): number {
  const { structuredContent } = answer as {
    structuredContent?: { summary: { resources: number }; about: { complete: boolean; coverage: string } };
  };
  if (structuredContent === undefined) throw new Error(`The scan failed: ${JSON.stringify(answer)}`);
  if (!structuredContent.about.complete) throw new Error(`The scan did not see everything: ${structuredContent.about.coverage}`);
  return structuredContent.summary.resources;
}
