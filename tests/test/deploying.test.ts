import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileLifetime, runCommand, send, startHttp, temporaryFolder } from '@fairway-mcp/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseDocument, parse as parseYaml } from 'yaml';
import { composeProblems } from './support/compose.ts';
import { repository } from './support/copy.ts';

const page = fs.readFileSync(path.join(repository, 'docs', 'deploying.md'), 'utf8');
const main = path.join(repository, 'servers', 'tag-compliance', 'src', 'main.ts');

/** The fenced blocks of one language. */
function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)\n\`\`\`$`, 'gm'))].map(([, text = '']) => text);
}

function blockWith(language: string, text: string): string {
  const block = blocks(language).find((candidate) => candidate.includes(text));
  if (block === undefined) throw new Error(`docs/deploying.md has no block of ${language} with "${text}".`);
  return block;
}

describe('docs/deploying.md', () => {
  let help = '';

  beforeAll(async () => {
    help = (await runCommand({ main, args: ['--help'], lifetime: fileLifetime })).stdout;
  });

  it('names only settings that the server has', () => {
    const names = new Set([...page.matchAll(/\bFAIRWAY_[A-Z_]+/g)].map(([name]) => name));
    expect(names.size).toBeGreaterThan(4);
    expect([...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(help))).toEqual([]);
    const flags = [...page.matchAll(/main\.js .*/g)].flatMap(([command]) => command.match(/--[a-z-]+/g) ?? []);
    expect(flags.length).toBeGreaterThan(8);
    expect(flags.filter((flag) => !help.includes(flag))).toEqual([]);
  });

  it('shows configurations that can be parsed', () => {
    for (const text of blocks('json')) expect(() => JSON.parse(text), text).not.toThrow();
    for (const text of blocks('yaml')) expect(parseDocument(text).errors, text).toEqual([]);
  });

  it('adds to compose.yaml what is valid by the schema of compose files', () => {
    const added = parseYaml(blockWith('yaml', '# compose.override.yaml'));
    expect(composeProblems(added)).toBeNull();
    const whole = parseYaml(fs.readFileSync(path.join(repository, 'compose.yaml'), 'utf8'));
    expect(Object.keys(whole.services)).toEqual(expect.arrayContaining(Object.keys(added.services)));
  });

  it('gives a file of settings that the server takes', async () => {
    const file = path.join(temporaryFolder(), 'settings.json');
    fs.writeFileSync(file, blockWith('json', '"stateDir"'));
    const { code, stdout } = await runCommand({ main, args: ['--config', file, '--print-config'] });
    expect([code, stdout]).toEqual([0, expect.stringContaining('allowedHosts = mcp.example.com  # file')]);
  });

  it('leads to a server that answers the call with curl to the holder of the key alone', { timeout: 60_000 }, async () => {
    const stateDir = temporaryFolder();
    const policy = path.join(stateDir, 'policy.yaml');
    fs.writeFileSync(policy, 'version: "1"\nrequired_tags:\n  - name: CostCenter\n');
    const make = /keys create (.*) --state-dir/.exec(page)?.[1]?.split(' ') ?? [];
    const made = await runCommand({ main, args: ['keys', 'create', ...make], stateDir });
    const environment = { AWS_REGION: 'eu-central-1', AWS_EC2_METADATA_DISABLED: 'true' };
    const server = await startHttp({ main, args: ['--policy', policy, '--allowed-hosts', 'mcp.example.com'], stateDir, environment });
    const { headers, body } = curl(blockWith('text', 'curl https://'), made.stdout.trim());
    const call = (changed: Record<string, string>) => send(server.url, { headers: { ...headers, ...changed }, body });
    const answer = await call({ Host: 'mcp.example.com' });
    expect([answer.status, answer.json.result?.structuredContent.policy.required_tags]).toEqual([
      200,
      [expect.objectContaining({ name: 'CostCenter' })],
    ]);
    expect((await call({ Host: 'other.example.com' })).status).toBe(403);
    expect((await call({ Authorization: 'Bearer fwk_none' })).status).toBe(401);
  });

  it('backs up a running server by a command whose copy has the same audit trail', async () => {
    const stateDir = temporaryFolder();
    const copy = path.join(temporaryFolder(), 'fairway.db');
    await runCommand({ main, args: ['keys', 'create', '--name', 'ann', '--scopes', 'tag-compliance:read'], stateDir });
    const [, script = ''] = /node -e "(.*)"$/m.exec(blockWith('text', 'VACUUM')) ?? [];
    const code = script.replaceAll('\\"', '"').replace('/var/lib/fairway', stateDir).replace('/var/backups/fairway.db', copy);
    expect(code).toContain(copy);
    execFileSync(process.execPath, ['-e', code], { stdio: 'ignore' });
    const keys = await runCommand({ main, args: ['keys', 'list'], stateDir: path.dirname(copy) });
    expect(keys.stdout).toContain('ann  tag-compliance:read');
  });
});

/** The headers and the body that a command of curl sends. */
function curl(command: string, key: string): { headers: Record<string, string>; body: string } {
  const sent = [...command.matchAll(/-H ["']([\w-]+): (.*?)["']/g)].map(([, name = '', value = '']) => [name, value.replace('$KEY', key)]);
  const [, body = ''] = /-d '(.*)'$/m.exec(command) ?? [];
  return { headers: Object.fromEntries(sent), body };
}
