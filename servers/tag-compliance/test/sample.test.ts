import { generateOrganization, isAwsDefault } from '@fairway-mcp/aws-sample';
import { runCommand } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { ask, openClient, readText, serveSample } from './support/sample.ts';

const main = new URL('../src/main.ts', import.meta.url);

const CALLS: readonly (readonly [string, Record<string, unknown>])[] = [
  ['check_tag_compliance', { limit: 2 }],
  ['find_untagged_resources', { limit: 2 }],
  ['validate_resource_tags', { resource_arns: ['arn:aws:s3:::northlake-x'] }],
  ['get_cost_attribution_gap', {}],
  ['suggest_tags', { resource_arn: 'arn:aws:s3:::northlake-x' }],
  ['get_tagging_policy', {}],
  ['generate_compliance_report', { format: 'json' }],
  ['generate_compliance_report', { format: 'csv' }],
  ['generate_compliance_report', { format: 'markdown' }],
  ['get_violation_history', {}],
];

describe('sample mode', () => {
  it('is off by default', async () => {
    const { code, stdout, stderr } = await runCommand({ main });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Name its file with --policy, or try the server with --sample');
  });

  it.each([
    ['--accounts', '111122223333'],
    ['--regions', 'eu-central-1'],
    ['--role-arn', 'arn:aws:iam::{account}:role/R'],
    ['--external-id', 'xyz'],
  ])('cannot be combined with %s, which is for real accounts', async (flag, value) => {
    const { code, stderr } = await runCommand({ main, args: ['--sample', flag, value] });
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${flag} is for a real one`)]);
  });

  it.each(CALLS)('is named in the structured answer and in the text of %s %o', async (name, args) => {
    const { url } = await serveSample(['--sample-size', '300']);
    const { text, structured } = await ask(await openClient(url), name, args);
    expect(structured.sample ?? structured.about.sample).toBe(true);
    expect(text).toMatch(/sample[_ ]data|"is_sample":true/i);
  });

  it('has one present: what is spent ends when the inventory was read', async () => {
    const { url } = await serveSample(['--sample-size', '300']);
    const { text } = await ask(await openClient(url), 'get_cost_attribution_gap', { time_period: 'last_30_days' });
    expect(text).toContain('(2026-10-02/2026-11-01).');
  });

  it('says in one sentence that nothing was spent', async () => {
    const { url } = await serveSample(['--sample-size', '300']);
    const { text } = await ask(await openClient(url), 'get_cost_attribution_gap', { filters: { account_id: ['999999999999'] } });
    expect(text).toMatch(/^There is no spend of this in 2026-10-02\/2026-11-01\.\n/);
    expect(text).not.toMatch(/no share|\n\n\n/);
  });

  it.each([
    ['check_tag_compliance', { region: ['eu-central-1'] }, 'Did you mean "filters.region"?'],
    ['find_untagged_resources', { filters: { region: ['eu-central-1'] } }, 'Did you mean "regions"?'],
  ])('names the argument of %s that %j means', async (tool, args, expected) => {
    const { url } = await serveSample(['--sample-size', '300']);
    await expect(ask(await openClient(url), tool, args)).rejects.toThrow(expected);
  });

  it('answers about every other ARN when one is none', async () => {
    const { url } = await serveSample(['--sample-size', '300']);
    const resource_arns = ['arn:aws:s3:::northlake-x', 'no-arn', 'arn:aws:s3:::northlake-y'];
    const { structured, text } = await ask(await openClient(url), 'validate_resource_tags', { resource_arns });
    const results = structured.results.map(({ arn, status }: { arn: string; status: string }) => [arn, status]);
    expect(results).toEqual([
      ['arn:aws:s3:::northlake-x', 'not_found'],
      ['no-arn', 'invalid_arn'],
      ['arn:aws:s3:::northlake-y', 'not_found'],
    ]);
    expect(text).toContain('no-arn: not looked up: It is not an ARN; expected arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE.');
  });

  it.each(['json', 'csv', 'csv_summary', 'csv_ranking', 'csv_next_steps'])('writes a report as %s alone into its block', async (format) => {
    const { url } = await serveSample(['--sample-size', '300']);
    const { content, structuredContent } = await (await openClient(url)).callTool({
      name: 'generate_compliance_report',
      arguments: { format },
    });
    const [file, notes] = content.map((block) => (block.type === 'text' ? block.text : ''));
    expect(file).toBe((structuredContent as { report: string }).report);
    if (format === 'json') expect(JSON.parse(file ?? '')).toMatchObject({ is_sample: true });
    expect(notes).toContain('Coverage:');
  });

  it('says of an exempt resource that it needs no tags', async () => {
    const { url } = await serveSample(['--sample-size', '300']);
    const client = await openClient(url);
    const organization = generateOrganization({ seed: 1, size: 300 });
    const exempt = organization.resources.find(isAwsDefault);
    const { text, structured: suggested } = await ask(client, 'suggest_tags', { resource_arn: exempt?.arn });
    expect(suggested.exempt).toBe('Made by AWS by default');
    expect(text).toContain('It is exempt from the policy and needs no tags (Made by AWS by default).');
  });

  it('can be asked about what has no region, as the breakdowns name it', async () => {
    const { url } = await serveSample(['--sample-size', '2000']);
    const client = await openClient(url);
    const [all, only] = [{}, { filters: { region: ['global'] } }];
    const { summary } = (await ask(client, 'check_tag_compliance', all)).structured;
    const shown = summary.by_region.find(({ region }: { region: string }) => region === 'global');
    expect((await ask(client, 'check_tag_compliance', only)).structured.summary).toMatchObject({ by_region: [shown] });
    const { resources } = (await ask(client, 'find_untagged_resources', { regions: ['global'] })).structured;
    expect(new Set(resources.map(({ region }: { region: string }) => region))).toEqual(new Set(['global']));
    const costs = (await ask(client, 'get_cost_attribution_gap', { group_by: 'region', ...only })).structured;
    expect(costs.breakdown.map(({ key }: { key: string }) => key)).toEqual(['global']);
    expect(JSON.stringify(costs)).not.toContain('There may be no region');
  });

  it('is named in the resources', async () => {
    const { url } = await serveSample(['--sample-size', '300']);
    const client = await openClient(url);
    await ask(client, 'generate_compliance_report');
    for (const uri of ['policy://current', 'report://latest/json', 'report://latest/csv', 'report://latest/markdown'])
      expect(await readText(client, uri), uri).toMatch(/sample[_ ]data|"is_sample": true/i);
  });
});
