import { describe, expect, it } from 'vitest';
import { generateOrganization, type Organization, type SampleTagPolicy, sampleTagPolicy, type TagFlaw, type Tags } from './index.ts';

const ORGANIZATIONS: readonly Organization[] = [1, 2, 3, 42].flatMap((seed) =>
  [1000, 4000].map((size) => generateOrganization({ seed, size })),
);

/** The required tags that a set of tags lacks or has wrong, by the sample policy. */
function offences(tags: Tags, type: string, policy: SampleTagPolicy = sampleTagPolicy): string[] {
  return policy.required_tags
    .filter(({ applies_to }) => applies_to.length === 0 || applies_to.includes(type))
    .filter(({ name, allowed_values, validation_regex }) => {
      const value = tags[name];
      if (value === undefined) return true;
      if (allowed_values !== null && !allowed_values.includes(value)) return true;
      return validation_regex !== null && !new RegExp(validation_regex).test(value);
    })
    .map(({ name }) => name);
}

function shares({ resources, truth }: Organization): Record<TagFlaw, number> {
  const counts: Record<TagFlaw, number> = { none: 0, missing: 0, misspelt_key: 0, wrong_value: 0, emptied: 0, never_tagged: 0 };
  for (const { flaw } of truth.values()) counts[flaw] += 1 / resources.length;
  return counts;
}

function userTags(tags: Tags | undefined): string[] {
  return Object.keys(tags ?? {}).filter((key) => !key.startsWith('aws:'));
}

describe('the true tags', () => {
  it('obey the sample policy', () => {
    for (const { resources, truth } of ORGANIZATIONS) {
      for (const { arn, type } of resources) expect(offences(truth.get(arn)?.tags ?? {}, type), arn).toEqual([]);
    }
  });
});

describe('the generated tags', () => {
  it('differ from the true tags as the recorded flaw says', () => {
    for (const { resources, truth } of ORGANIZATIONS) {
      for (const { arn, type, tags } of resources) {
        const { tags: right = {}, flaw } = truth.get(arn) ?? {};
        const wrong = offences(tags ?? {}, type);
        if (flaw === 'none') expect(tags).toMatchObject(right);
        else if (flaw === 'never_tagged' || flaw === 'emptied') expect(userTags(tags)).toEqual([]);
        else expect(wrong.length, `${arn} ${flaw}`).toBeGreaterThan(0);
        if (flaw === 'wrong_value') expect(wrong.filter((key) => tags?.[key] === undefined)).toEqual([]);
        if (flaw === 'missing') expect(wrong.every((key) => tags?.[key] === undefined)).toBe(true);
        if (flaw === 'emptied') expect(tags).toBeDefined();
      }
    }
  });

  it('are mostly right, and have every kind of flaw often enough to be found', () => {
    for (const organization of ORGANIZATIONS) {
      const share = shares(organization);
      const bands: Record<TagFlaw, readonly [number, number]> = {
        none: [0.5, 0.72],
        missing: [0.1, 0.2],
        misspelt_key: [0.03, 0.09],
        wrong_value: [0.04, 0.12],
        emptied: [0.005, 0.035],
        never_tagged: [0.08, 0.18],
      };
      for (const [flaw, [least, most]] of Object.entries(bands)) {
        const value = share[flaw as TagFlaw];
        expect(value, flaw).toBeGreaterThan(least);
        expect(value, flaw).toBeLessThan(most);
      }
    }
  });

  it('have keys that are misspelt by case and by typing mistakes', () => {
    const keys = new Set(ORGANIZATIONS.flatMap(({ resources }) => resources.flatMap(({ tags }) => Object.keys(tags ?? {}))));
    expect([...keys]).toEqual(expect.arrayContaining(['costcenter', 'Enviroment']));
  });

  it('include tags that AWS sets, and come near the limit of 50 on a few resources, never above', () => {
    for (const { resources } of ORGANIZATIONS) {
      const counts = resources.map(({ tags }) => userTags(tags).length);
      expect(Math.max(...counts)).toBeLessThanOrEqual(50);
      expect(counts.filter((count) => count >= 38).length).toBeGreaterThan(0);
      expect(resources.some(({ tags }) => tags?.['aws:cloudformation:stack-name'] !== undefined)).toBe(true);
    }
  });

  it('have only keys and values that AWS allows', () => {
    for (const { resources } of ORGANIZATIONS) {
      for (const [key, value] of resources.flatMap(({ tags }) => Object.entries(tags ?? {}))) {
        expect(key).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u);
        expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u);
      }
    }
  });
});
