import { describe, expect, it } from 'vitest';
import { type EmbeddedAws, serveAws } from './support/embedded-aws.ts';
import { ask } from './support/sample.ts';

const HERE = ['--regions', 'eu-central-1'];

/** A volume that has tags, of which one is required and wrong; and its tags when they are right. */
function wrongVolume({ organization, own }: EmbeddedAws) {
  const fits = organization.resources.filter(
    ({ account, region, type, tags }) =>
      account === own && region === 'eu-central-1' && type === 'ec2:volume' && tags !== undefined && tags.Owner === undefined,
  );
  const [volume] = fits;
  if (volume === undefined) throw new Error('There is no such volume.');
  const right = {
    CostCenter: 'CC-1234',
    Environment: 'production',
    Owner: 'ann@northlake.example',
    Application: 'cart',
    DataClassification: 'internal',
  };
  return { arn: volume.arn, right };
}

describe('after a fix', () => {
  it('validate_resource_tags sees it at once, although a recent scan does not', async () => {
    const served = await serveAws(HERE);
    const { arn, right } = wrongVolume(served);
    await ask(served.client, 'check_tag_compliance', { limit: 1 });
    const validate = async () => (await ask(served.client, 'validate_resource_tags', { resource_arns: [arn] })).structured.results[0];
    expect((await validate()).status).toBe('non_compliant');
    served.aws.setTags(arn, right);
    expect(await validate()).toMatchObject({ status: 'compliant', tags: right, violations: [] });
  });

  it('find_untagged_resources, suggest_tags and generate_compliance_report see it with force_refresh', async () => {
    const served = await serveAws(HERE);
    const { client, aws } = served;
    const { arn, right } = wrongVolume(served);
    const types = { resource_types: ['ec2:volume'] };
    const isUntagged = async (refresh: boolean) => {
      const { resources } = (await ask(client, 'find_untagged_resources', { ...types, limit: 1000, force_refresh: refresh })).structured;
      return resources.some((one: { arn: string }) => one.arn === arn);
    };
    const violations = async (refresh: boolean) =>
      (await ask(client, 'generate_compliance_report', { ...types, force_refresh: refresh })).structured.summary.violations;
    const suggestions = async (refresh: boolean) =>
      (await ask(client, 'suggest_tags', { resource_arn: arn, force_refresh: refresh })).structured;
    expect(await isUntagged(false)).toBe(true);
    const before = await violations(false);
    expect((await suggestions(false)).suggestions.length + (await suggestions(false)).undecided.length).toBeGreaterThan(0);
    aws.setTags(arn, right);
    expect([await isUntagged(false), await violations(false)]).toEqual([true, before]);
    expect(await isUntagged(true)).toBe(false);
    expect(await violations(true)).toBeLessThan(before);
    expect(await suggestions(true)).toMatchObject({ suggestions: [], undecided: [] });
  });
});

describe('resources that are validated together', () => {
  it('get the same answer as alone: outside the regions of the settings, beside a bucket, beside what is not configured', async () => {
    const served = await serveAws(HERE, { organization: { size: 1500 } });
    const { client, organization, own } = served;
    const vpc = organization.resources.find(({ account, region, type }) => account === own && region === 'us-east-1' && type === 'ec2:vpc');
    const bucket = organization.resources.find(({ account, type }) => account === own && type === 's3:bucket');
    const other = organization.resources.find(({ account, type }) => account !== own && type === 'ec2:vpc');
    const arns = [vpc?.arn ?? '', bucket?.arn ?? '', other?.arn ?? '', 'arn:aws:s3:::no-such-bucket'];
    const { text, structured } = await ask(client, 'validate_resource_tags', { resource_arns: arns });
    const alone = [];
    for (const arn of arns) alone.push((await ask(client, 'validate_resource_tags', { resource_arns: [arn] })).structured.results[0]);
    expect(structured.results).toEqual(alone);
    expect(structured.results.map(({ status, reason }: { status: string; reason?: string }) => [status, reason])).toEqual([
      [expect.stringMatching(/compliant$/), undefined],
      [expect.stringMatching(/compliant$/), undefined],
      ['not_seen', 'account_not_configured'],
      ['not_found', 'absent'],
    ]);
    expect(structured.about.complete).toBe(false);
    expect(text).toContain(`${other?.arn}: not seen: account not configured: This account is not configured.`);
  });
});
