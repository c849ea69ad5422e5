import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { ask, openClient, readText, serveSample } from './support/sample.ts';

function policyFile(policy: object): string {
  const file = path.join(temporaryFolder(), 'policy.json');
  fs.writeFileSync(file, JSON.stringify(policy));
  return file;
}

async function clientWith(policy: object) {
  const { url } = await serveSample(['--sample-size', '300', '--policy', policyFile(policy)]);
  return openClient(url);
}

describe('a policy that is too long for an answer', () => {
  const required_tags = Array.from({ length: 1000 }, (_, tag) => ({
    name: `tag-${tag}`,
    allowed_values: Array.from({ length: 20 }, (_, value) => `value-${value}`),
  }));

  it('is shown in part, with what is left out and where the whole is', async () => {
    const client = await clientWith({ required_tags });
    const { text, structured } = await ask(client, 'get_tagging_policy');
    const shown = structured.policy.required_tags;
    expect(shown.length).toBeGreaterThan(20);
    expect(structured.left_out).toBe(1000 - shown.length + shown.length * shown[0].more_values);
    expect(shown[0].allowed_values.length + shown[0].more_values).toBe(20);
    expect(text).toContain(`NOT ALL OF IT: ${structured.left_out} rules`);
    expect(text).toContain('policy://current');
    expect(text).toMatch(/tag-0 = value-0 \|.*\| … \d+ more \(/);
    const whole = await readText(client, 'policy://current');
    expect(whole.match(/name: tag-/g)).toHaveLength(1000);
  });

  it.each([
    [
      'values',
      { required_tags: [{ name: 'a', allowed_values: Array.from({ length: 5000 }, (_, index) => `${index} ${'x'.repeat(150)}`) }] },
    ],
    ['a description', { required_tags: [{ name: 'a', description: 'x'.repeat(200_000) }] }],
    [
      'exemptions',
      { required_tags: [{ name: 'a' }], exemptions: [{ reason: 'r', names: Array.from({ length: 9000 }, (_, index) => `name-${index}`) }] },
    ],
  ])('because of its %s is shown in part', async (_what, policy) => {
    const { structured } = await ask(await clientWith(policy), 'get_tagging_policy');
    expect(structured.left_out).toBeGreaterThan(0);
  });

  it('is shown whole where it fits', async () => {
    const { structured, text } = await ask(await clientWith({ required_tags: required_tags.slice(0, 30) }), 'get_tagging_policy');
    expect([structured.left_out, structured.policy.required_tags.length]).toEqual([undefined, 30]);
    expect(text).not.toContain('NOT ALL');
  });
});

describe('a cursor', () => {
  const arns = ['arn:aws:s3:::northlake-x', 'arn:aws:s3:::northlake-y'];

  it.each([
    ['check_tag_compliance', {}],
    ['find_untagged_resources', {}],
    ['validate_resource_tags', { resource_arns: arns }],
  ])('of %s does not continue a list that was made with another policy', async (tool, args) => {
    const [first, other] = [
      await clientWith({ required_tags: [{ name: 'Owner' }] }),
      await clientWith({ required_tags: [{ name: 'CostCenter' }] }),
    ];
    const cursor = (await ask(first, tool, { ...args, limit: 1 })).structured.next_cursor;
    await expect(ask(other, tool, { ...args, limit: 1, cursor })).rejects.toThrow('changed since the first page');
    expect((await ask(first, tool, { ...args, limit: 1, cursor })).structured.total).toBeGreaterThan(1);
  });
});
