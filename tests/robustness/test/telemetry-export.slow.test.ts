import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type OtlpReceiver, openPeer, startHttp, startOtlpReceiver, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { call, client, ERAS, tagCompliance } from './support/programs.ts';

const HOOK = new URL('./support/loaded-modules.ts', import.meta.url).href;
const question = call('check_tag_compliance', { resource_types: ['s3:bucket'] });

/** Makes the built server answer over both transports. @returns the files that it has loaded. */
async function filesLoaded(environment: Record<string, string>): Promise<string[]> {
  const file = path.join(temporaryFolder(), 'modules.json');
  const launch = { ...tagCompliance, nodeFlags: [`--import=${HOOK}`], environment: { ...environment, LOADED_MODULES: file } };
  const files = new Set<string>();
  const addLoaded = () => {
    for (const url of JSON.parse(fs.readFileSync(file, 'utf8')) as string[]) if (url.startsWith('file:')) files.add(fileURLToPath(url));
  };
  const http = await startHttp(launch);
  for (const era of ERAS) {
    const ask = await client(era, http.url);
    expect((await ask('tools/call', question)).json.result.isError).toBeUndefined();
  }
  http.child.kill('SIGTERM');
  expect(await http.exited).toEqual({ code: 0, signal: null });
  addLoaded();
  const peer = await openPeer(launch);
  expect((await peer.request('tools/call', question)).result.isError).toBeUndefined();
  peer.end();
  expect(await peer.server.exited).toEqual({ code: 0, signal: null });
  addLoaded();
  return [...files];
}

function withOpenTelemetry(files: readonly string[]): string[] {
  return files.filter((file) => fs.readFileSync(file, 'utf8').includes('@opentelemetry/'));
}

function describeSpans(receiver: OtlpReceiver): unknown[] {
  return receiver.spans().map(({ name, attributes }) => [name, attributes['network.transport'], attributes['mcp.protocol.version']]);
}

describe('the built server', () => {
  it('loads no code of OpenTelemetry when no collector is set', async () => {
    const files = await filesLoaded({});
    expect(files.length).toBeGreaterThan(1);
    expect(withOpenTelemetry(files)).toEqual([]);
  });

  it('sends a span and a duration for each call when a collector is set', async () => {
    const receiver = await startOtlpReceiver();
    expect(withOpenTelemetry(await filesLoaded({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })).length).toBeGreaterThan(0);
    expect(describeSpans(receiver)).toEqual([
      ['tools/call check_tag_compliance', 'tcp', '2026-07-28'],
      ['tools/call check_tag_compliance', 'tcp', '2025-11-25'],
      ['tools/call check_tag_compliance', 'pipe', '2025-11-25'],
    ]);
    const counted = receiver.histograms().flatMap(({ name, points }) => points.map(({ count }) => [name, count]));
    expect(counted.every(([name]) => name === 'mcp.server.operation.duration')).toBe(true);
    expect(counted.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(3);
  });
});
