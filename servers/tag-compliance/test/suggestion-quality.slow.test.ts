import { generateOrganization } from '@fairway-mcp/aws-sample';
import { describe, expect, it } from 'vitest';
import { qualityOf, samplePolicy, toResources, trialsOn, type View } from '../bench/suggestion-trials.ts';
import { CONFIDENCE_FLOOR, learnTags } from '../src/suggestions/suggest-tags.ts';

/** A little below what the README states for larger organizations, because fewer resources teach less. */
const MINIMUM: readonly (readonly [View, number, number])[] = [
  ['with surroundings', 0.93, 0.85],
  ['ARN alone', 0.85, 0.5],
  ['with surroundings, barely tagged', 0.93, 0.6],
];

describe('suggestions on an organization whose true tags are known', () => {
  const policy = samplePolicy();
  const organization = generateOrganization({ seed: 4, size: 1500 });

  it.each(MINIMUM)('%s, have the stated precision and recall', async (view, precision, recall) => {
    const resources = toResources(organization, view);
    const learned = await learnTags(resources, policy);
    const quality = qualityOf(trialsOn(organization, resources, policy, learned, view), CONFIDENCE_FLOOR);
    expect(quality.precision).toBeGreaterThan(precision);
    expect(quality.recall).toBeGreaterThan(recall);
  });
});
