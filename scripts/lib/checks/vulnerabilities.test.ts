import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findVulnerabilities, problemsIn } from './vulnerabilities.ts';

const TIMEOUT = { timeout: 60_000 };

/** A registry that answers each request with the given status and JSON. */
async function startRegistry(status: number, answer: object): Promise<string> {
  const server = http.createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function advisory(id: number) {
  const details = { title: 'Runs what it reads', severity: 'high', url: `https://github.com/advisories/GHSA-${id}` };
  return [{ id, ...details, vulnerable_versions: '<99', patched_versions: '>=99', cwe: [], cvss: { score: 8 } }];
}

describe('the check of known vulnerabilities', () => {
  it('names each one that a server ships, and not those of development tools', TIMEOUT, async () => {
    const registry = await startRegistry(200, { zod: advisory(1), 'gpt-tokenizer': advisory(2) });
    const { problems } = await findVulnerabilities(registry);
    expect(problems).toEqual([expect.stringMatching(/^zod [\d.]+ \(high\): Runs what it reads\. .*GHSA-1, by (?:packages|servers)__/)]);
  });

  it('passes when the registry knows of none', TIMEOUT, async () => {
    expect(await findVulnerabilities(await startRegistry(200, {}))).toEqual({ problems: [], note: 'as the registry knows them today' });
  });

  it.each([
    ['does not offer it', () => startRegistry(405, {})],
    ['answers nonsense', () => startRegistry(200, [1])],
    ['cannot be reached', async () => 'http://127.0.0.1:1/'],
  ])('says that it could not check when the registry %s', TIMEOUT, async (_what, start) => {
    const note = expect.stringMatching(/^NOT checked, because .+: .+/);
    expect(await findVulnerabilities(await start())).toEqual({ problems: [], unchecked: true, note });
  });

  it('distinguishes a folder from one whose name it begins with', () => {
    const findings = [{ version: '1.0.0', paths: ['packages__aws-emulator>x'] }];
    const advisories = { 1: { module_name: 'x', title: 't', severity: 'low', url: 'u', findings } };
    expect(problemsIn({ advisories }, ['packages/aws'])).toEqual([]);
    expect(problemsIn({ advisories }, ['packages/aws-emulator'])).toHaveLength(1);
  });
});
