import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { readPolicy } from '../src/policy/read-policy.ts';
import { ask, openClient, readText, serveSample } from './support/sample.ts';

const REPORT = { type: 'ref/resource', uri: 'report://latest/{format}' } as const;
const REVIEW = { type: 'ref/prompt', name: 'monthly_tag_review' } as const;

async function open() {
  const { url } = await serveSample(['--sample-size', '300']);
  return openClient(url);
}

describe('resources', () => {
  it('list the policy and a template for the last report', async () => {
    const client = await open();
    const { resources } = await client.listResources();
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resources.map(({ uri, mimeType }) => [uri, mimeType])).toEqual([['policy://current', 'application/yaml']]);
    expect(resourceTemplates.map(({ uriTemplate, mimeType }) => [uriTemplate, mimeType])).toEqual([
      ['report://latest/{format}', undefined],
    ]);
  });

  it('list the last report in each format with its media type as soon as there is one', async () => {
    const client = await open();
    await ask(client, 'generate_compliance_report');
    const { resources } = await client.listResources();
    const reports = resources.filter(({ uri }) => uri.startsWith('report://'));
    expect(reports.map(({ uri, mimeType }) => [uri.slice('report://latest/'.length), mimeType])).toEqual([
      ['markdown', 'text/markdown'],
      ['json', 'application/json'],
      ['csv', 'text/csv'],
      ['csv_summary', 'text/csv'],
      ['csv_ranking', 'text/csv'],
      ['csv_next_steps', 'text/csv'],
    ]);
    for (const { uri, mimeType } of reports) {
      const { contents } = await client.readResource({ uri });
      expect(contents).toMatchObject([{ uri, mimeType }]);
    }
  });

  it('contain the policy as a file that --policy reads without a change', async () => {
    const first = await open();
    const text = await readText(first, 'policy://current');
    expect(text).toMatch(/^# SAMPLE DATA/);
    expect(readPolicy(text, 'policy.yaml')).toMatchObject({ form: 'reference' });
    const file = path.join(temporaryFolder(), 'policy.yaml');
    fs.writeFileSync(file, text);
    const { url } = await serveSample(['--sample-size', '300', '--policy', file]);
    const second = await openClient(url);
    const [{ structured: one }, { structured: other }] = [await ask(first, 'get_tagging_policy'), await ask(second, 'get_tagging_policy')];
    expect(other.policy).toEqual(one.policy);
    expect(other.policy_version).toBe(one.policy_version);
  });

  it('contain the complete last report in every format', async () => {
    const client = await open();
    await expect(readText(client, 'report://latest/csv')).rejects.toThrow('not found');
    const { structured } = await ask(client, 'generate_compliance_report', { format: 'csv', include_costs: true });
    expect(structured.left_out).toBeGreaterThan(0);
    const violations = structured.summary.violations;
    expect(JSON.parse(await readText(client, 'report://latest/json')).violations).toHaveLength(violations);
    const csv = await readText(client, structured.whole_report);
    expect(csv.trimEnd().split('\r\n')).toHaveLength(violations + 1);
    const markdown = await readText(client, 'report://latest/markdown');
    expect(
      markdown
        .slice(markdown.indexOf('## Violations\n'))
        .split('\n')
        .filter((line) => line.startsWith('| arn')),
    ).toHaveLength(violations);
    await expect(readText(client, 'report://latest/pdf')).rejects.toThrow('not found');
  });

  it('contain the tables that list no violations as the tool answers them', async () => {
    const client = await open();
    for (const format of ['csv_summary', 'csv_ranking', 'csv_next_steps']) {
      const { structured, text } = await ask(client, 'generate_compliance_report', { format });
      expect(structured.left_out).toBe(0);
      expect(text).not.toContain('other');
      const kept = await readText(client, structured.whole_report);
      const ofTime = /^"written_at".*$/m;
      expect(kept.replace(ofTime, '')).toBe(structured.report.replace(ofTime, ''));
    }
  });
});

describe('the prompt', () => {
  it('is a monthly review, limited to the given arguments', async () => {
    const client = await open();
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(['monthly_tag_review']);
    const textOf = async (values: Record<string, string>) => {
      const { messages } = await client.getPrompt({ name: 'monthly_tag_review', arguments: values });
      return messages.map(({ content }) => (content.type === 'text' ? content.text : '')).join('\n');
    };
    expect(await textOf({})).toMatch(/^Review our AWS tag compliance of last month\.\n1\. Check tag compliance/);
    const narrow = await textOf({ region: 'eu-central-1', resource_type: 's3:bucket', tag_key: 'Owner' });
    expect(narrow).toContain('for the region eu-central-1 and the type s3:bucket only');
    expect(narrow).toContain('5. Look closely at the tag Owner');
    await expect(textOf({ colour: 'red' })).rejects.toThrow('region, resource_type, tag_key');
  });
});

describe('completion', () => {
  it.each([
    [REPORT, 'format', 'm', ['markdown']],
    [REPORT, 'format', 'csv', ['csv', 'csv_summary', 'csv_ranking', 'csv_next_steps']],
    [REVIEW, 'region', 'EU-', ['eu-central-1', 'eu-west-1']],
    [REVIEW, 'resource_type', 'rds', ['rds:db', 'rds:cluster']],
    [REVIEW, 'tag_key', 'o', ['Owner']],
    [REVIEW, 'tag_key', 'x', []],
    [REVIEW, 'colour', '', []],
  ] as const)('of %o %s %j', async (ref, name, value, values) => {
    const client = await open();
    const { completion } = await client.complete({ ref, argument: { name, value } });
    expect(completion.values).toEqual(values);
  });
});
