import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { ask, openClient, readText, serveSample } from './support/sample.ts';

const REASON = 'Made by AWS by default';

async function clientWith(...exemptions: string[]) {
  const file = path.join(temporaryFolder(), 'policy.yaml');
  fs.writeFileSync(file, ['required_tags: [{ name: Owner }]', ...exemptions].join('\n'));
  return openClient((await serveSample(['--sample-size', '600', '--policy', file])).url);
}

describe('exempt resources', () => {
  it('are in no score or list, and every answer says how many there are and why', async () => {
    const [all, client] = [await clientWith('exempt_aws_defaults: false'), await clientWith()];
    const check = { resource_types: ['ec2:vpc', 'ec2:subnet', 'ec2:security-group'], limit: 1, store_snapshot: false };
    const { structured: everything } = await ask(all, 'check_tag_compliance', check);
    const { structured, text } = await ask(client, 'check_tag_compliance', check);
    const { resources, in_scope, exempt } = structured.summary;
    expect(everything.summary).toMatchObject({ resources, in_scope: resources, exempt: { resources: 0, by_reason: {}, age_unknown: 0 } });
    expect(exempt.resources).toBeGreaterThan(0);
    expect(exempt.by_reason).toEqual({ [REASON]: exempt.resources });
    expect(in_scope).toBe(resources - exempt.resources);
    expect(text).toContain(`(${resources} seen, ${exempt.resources} exempt)`);
    expect(text).toContain(`Exempt and not counted: ${exempt.resources} (${REASON}).`);
  });

  it('are counted in lists of untagged resources, reports in every format, and the history', async () => {
    const client = await clientWith();
    const { structured: checked } = await ask(client, 'check_tag_compliance', { limit: 1 });
    const { exempt } = checked.summary;
    const untagged = await ask(client, 'find_untagged_resources', { limit: 1 });
    expect(untagged.structured.exempt).toEqual(exempt);
    expect(untagged.text).toContain(REASON);
    for (const format of ['json', 'csv_summary', 'markdown']) {
      const { structured } = await ask(client, 'generate_compliance_report', { format });
      expect(structured.summary.exempt).toEqual(exempt);
      expect(structured.report).toContain(REASON);
      expect(await readText(client, `report://latest/${format}`)).toContain(REASON);
    }
    const history = await ask(client, 'get_violation_history');
    expect(history.structured.series.at(-1).snapshot.exempt).toBe(exempt.resources);
    expect(history.text).toContain(`${exempt.resources} exempt`);
  });

  it('are validated as exempt, with the reason', async () => {
    const client = await clientWith('exemptions: [{ reason: Buckets rest., applies_to: [s3:bucket] }]');
    const { structured } = await ask(await clientWith(), 'find_untagged_resources', { resource_types: ['s3:bucket'], limit: 1 });
    const [{ arn }] = structured.resources;
    const { structured: validated, text } = await ask(client, 'validate_resource_tags', { resource_arns: [arn] });
    expect(validated.results).toEqual([expect.objectContaining({ arn, status: 'exempt', detail: 'Buckets rest.', violations: [] })]);
    expect(text).toContain(`${arn}: exempt (Buckets rest)`);
  });

  it('are not told apart in billing data, which the cost gap says', async () => {
    const { structured } = await ask(
      await clientWith('exemptions: [{ reason: Buckets rest., applies_to: [s3:bucket] }]'),
      'get_cost_attribution_gap',
    );
    expect(structured.costs.caveats.join(' ')).toContain('The policy exempts some resources.');
    expect((await ask(await clientWith(), 'get_cost_attribution_gap')).structured.costs.caveats.join(' ')).not.toContain('exempts');
  });

  it('are described with the policy', async () => {
    const { structured, text } = await ask(
      await clientWith('exemptions: [{ reason: New., applies_to: ["ec2:*"], grace_days: 2 }]'),
      'get_tagging_policy',
    );
    expect(structured.policy).toMatchObject({ exempt_aws_defaults: true, exemptions: [{ reason: 'New.', grace_days: 2 }] });
    expect(text).toContain(`Exempt:\n  ${REASON}\n  New (ec2:*; the first 2 days)`);
    expect((await ask(await clientWith('exempt_aws_defaults: false'), 'get_tagging_policy')).text).toContain('Nothing is exempt.');
  });

  it('by age are none where AWS does not tell the age, and that is said', async () => {
    const client = await clientWith('exemptions: [{ reason: New., applies_to: [sqs:queue], grace_days: 3650 }]');
    const { structured, text } = await ask(client, 'check_tag_compliance', { resource_types: ['sqs:queue'], limit: 1 });
    const { resources, in_scope, exempt } = structured.summary;
    expect([in_scope, exempt]).toEqual([resources, { resources: 0, by_reason: {}, age_unknown: resources }]);
    expect(text).toContain(`A grace period was not applied to ${resources} resources`);
    const [{ arn }] = structured.violations;
    const { structured: validated } = await ask(client, 'validate_resource_tags', { resource_arns: [arn] });
    expect(validated.results).toEqual([expect.objectContaining({ status: 'non_compliant', age_unknown: true })]);
  });
});
