import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { startProgram, waitForLine } from '@fairway-mcp/testing/bench';
import { workFolder } from './build.ts';
import type { Era } from './requests.ts';

/** The kit, the libraries that it is compared with, and the floor. */
export const TARGETS = ['fairway', 'sdk-v2', 'sdk-v1', 'mcp-lite', 'tmcp', 'floor'] as const;
export type TargetName = (typeof TARGETS)[number];

/** Which eras a library speaks; both when it is not named here. */
export const SPOKEN: Partial<Record<TargetName, readonly Era[]>> = { 'sdk-v1': ['legacy'], 'mcp-lite': ['legacy'] };

export interface Target<Name extends string = string> {
  name: Name;
  child: ChildProcess;
  url: string;
  /** Sent with every request. */
  headers: Record<string, string>;
}

export async function startTarget<Name extends TargetName>(
  name: Name,
  programs: string,
  env: Record<string, string>,
): Promise<Target<Name>> {
  const child = startProgram('server', path.join(programs, `${name}.js`), { env, stdio: ['ignore', 'pipe', 'inherit'] });
  return { name, child, url: await waitForLine(child, findAddress), headers: {} };
}

export interface FairwayOptions {
  /** How many tools it lists. */
  tools: number;
  /** Address of an OTLP collector. Left out: metrics are off. */
  collector?: string;
  /** The share of the calls whose span is exported. */
  traceRatio?: number;
  /** Where its state folder is created. */
  stateRoot?: string;
  /** Further flags. */
  args?: readonly string[];
  /** Flags for Node itself. */
  nodeFlags?: readonly string[];
}

/** Starts a server of the kit with API keys, the audit trail, and limits. */
export async function startFairway<Name extends string>(name: Name, programs: string, options: FairwayOptions): Promise<Target<Name>> {
  const { tools, collector, traceRatio = 0, stateRoot = workFolder, args = [], nodeFlags = [] } = options;
  const stateDir = fs.mkdtempSync(path.join(stateRoot, 'fairway-bench-'));
  const program = path.join(programs, 'fairway.js');
  const env = { BENCH_TOOLS: String(tools) };
  const state = ['--state-dir', stateDir];
  const key = await createKey(program, state, env);
  // The rate limit is checked on every call, and too high to be reached.
  const limits = ['--rate-limit', '1000000000', '--deadline-seconds', '55', '--otel-trace-ratio', String(traceRatio)];
  const child = startProgram('server', program, {
    nodeFlags,
    args: ['--http', '127.0.0.1:0', ...state, ...limits, ...args],
    env: { ...env, ...(collector !== undefined && { OTEL_EXPORTER_OTLP_ENDPOINT: collector }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.on('exit', () => fs.rmSync(stateDir, { recursive: true, force: true }));
  return { name, child, url: await waitForLine(child, findAddress), headers: { Authorization: `Bearer ${key}` } };
}

function createKey(program: string, state: readonly string[], env: Record<string, string>): Promise<string> {
  const child = startProgram('server', program, {
    args: ['keys', 'create', '--name', 'bench', '--scopes', 'bench:read', ...state],
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return waitForLine(child, (line) => (line.startsWith('fwk_') ? line.trim() : undefined));
}

function findAddress(line: string): string | undefined {
  return line.startsWith('{') ? (JSON.parse(line) as { url?: string }).url : undefined;
}

export interface Collector {
  url: string;
  stop(): void;
}

/** An OTLP collector that accepts everything and keeps nothing. */
export async function startCollector(): Promise<Collector> {
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
