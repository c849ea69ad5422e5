import type { Client } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
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
