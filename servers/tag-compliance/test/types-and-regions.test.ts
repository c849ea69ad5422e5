import { embed } from '@fairway-mcp/kit/embed';
import { temporaryFolder } from '@fairway-mcp/testing';
import type { Client } from '@modelcontextprotocol/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import server from '../src/server.ts';
import { policyFile } from './support/aws.ts';
import { ask, openClient, serveSample } from './support/sample.ts';

async function sampleClient(): Promise<Client> {
  const { url } = await serveSample(['--sample-size', '600']);
  return openClient(url);
}

/** The types that an answer is about. */
async function typesIn(client: Client, resource_types: string[]): Promise<string[]> {
  const { structured } = await ask(client, 'check_tag_compliance', { resource_types, limit: 1, store_snapshot: false });
  return structured.summary.by_type.map(({ type }: { type: string }) => type).sort();
}

describe('resource_types', () => {
  it.each([['rds:instance'], ['rds:dbs'], ['RDS:DBInstance'], ['AWS::RDS::DBInstance']])('accept %s for rds:db', async (name) => {
    expect(await typesIn(await sampleClient(), [name])).toEqual(['rds:db']);
  });

  it('accept all types of a service, as the policy does', async () => {
    const client = await sampleClient();
    const all = await typesIn(client, []);
    expect(await typesIn(client, ['ec2:*'])).toEqual(all.filter((type) => type.startsWith('ec2:')));
    expect(await typesIn(client, ['*'])).toEqual(all);
  });

  it('are the same scope by every name, so that the history has one', async () => {
    const client = await sampleClient();
    await ask(client, 'check_tag_compliance', { resource_types: ['rds:instances', 'rds:db'], limit: 1 });
    const { structured } = await ask(client, 'get_violation_history', { days_back: 1 });
    expect(structured.scope).toBe('types=rds:db regions=* accounts=* severity=all');
  });

  it.each(['check_tag_compliance', 'find_untagged_resources', 'generate_compliance_report'])(
    'that are misspelt are rejected with the likely type (%s)',
    async (tool) => {
      const client = await sampleClient();
      const wrong = ask(client, tool, { resource_types: ['s3:bucket', 'ec2:instnace'] });
      await expect(wrong).rejects.toThrow('resource_types[1]: is no type of ec2. Did you mean "ec2:instance"?');
    },
  );
});

describe('a region that does not exist', () => {
  it.each(['check_tag_compliance', 'get_cost_attribution_gap'])('is named with the nearest one (%s)', async (tool) => {
    const { text } = await ask(await sampleClient(), tool, { filters: { region: ['us-east-11'] } });
    expect(text).toMatch(/There (is|may be) no region "us-east-11"\. Did you mean "us-east-1"\?/);
  });

  it('is logged at the start, which makes no call to AWS', async () => {
    const args = ['--policy', policyFile(), '--state-dir', temporaryFolder(), '--regions', 'eu-central-1,us-east-11'];
    const { close, logLines } = await embed(server, args);
    onTestFinished(close);
    expect(logLines.filter((line) => line.includes('region'))).toEqual([
      expect.stringContaining(
        'There may be no region \\"us-east-11\\". Did you mean \\"us-east-1\\"? To check it against the account, run doctor.',
      ),
    ]);
  });
});
