import { describe, expect, it } from 'vitest';
import { ask, openClient, readText, serveSample, stateWithKeys } from './support/sample.ts';

describe('callers of one server', () => {
  it('read only the reports that they generated themselves', async () => {
    const { stateDir, keys } = await stateWithKeys(['ann', 'bob', 'cleo']);
    const { url } = await serveSample(['--sample-size', '300'], stateDir);
    const [ann, bob, cleo] = await Promise.all([0, 1, 2].map((index) => openClient(url, keys[index])));
    if (!ann || !bob || !cleo) throw new Error('There are three of them.');
    await ask(ann, 'generate_compliance_report', { resource_types: ['s3:bucket'] });
    await ask(bob, 'generate_compliance_report', { resource_types: ['sqs:queue'] });
    expect(JSON.parse(await readText(ann, 'report://latest/json')).scope).toContain('types=s3:bucket ');
    expect(JSON.parse(await readText(bob, 'report://latest/json')).scope).toContain('types=sqs:queue ');
    await expect(readText(cleo, 'report://latest/json')).rejects.toThrow('not found');
  });

  it('are refused tools, resources, prompts and completions without the scope', async () => {
    const { stateDir, keys } = await stateWithKeys(['dan'], ['weather:read']);
    const { url } = await serveSample(['--sample-size', '300'], stateDir);
    const dan = await openClient(url, keys[0]);
    await expect(ask(dan, 'get_tagging_policy')).rejects.toThrow('tag-compliance:read');
    await expect(readText(dan, 'policy://current')).rejects.toThrow('tag-compliance:read');
    await expect(dan.getPrompt({ name: 'monthly_tag_review' })).rejects.toThrow('tag-compliance:read');
    const completing = dan.complete({ ref: { type: 'ref/prompt', name: 'monthly_tag_review' }, argument: { name: 'region', value: '' } });
    await expect(completing).rejects.toThrow('tag-compliance:read');
  });

  it('share one history', async () => {
    const { stateDir, keys } = await stateWithKeys(['ann', 'bob']);
    const { url } = await serveSample(['--sample-size', '300'], stateDir);
    const [ann, bob] = await Promise.all([0, 1].map((index) => openClient(url, keys[index])));
    if (!ann || !bob) throw new Error('There are two of them.');
    await ask(ann, 'check_tag_compliance', { limit: 1 });
    await ask(ann, 'check_tag_compliance', { resource_types: ['s3:bucket'], limit: 1 });
    const { structured } = await ask(bob, 'get_violation_history', { days_back: 2 });
    expect(structured.scope).toBe('types=* regions=* accounts=* severity=all');
    expect(structured.other_scopes).toEqual(['types=s3:bucket regions=* accounts=* severity=all']);
    const { structured: narrow } = await ask(bob, 'get_violation_history', { days_back: 2, scope: structured.other_scopes[0] });
    expect(narrow.series.at(-1).snapshot.resources).toBeLessThan(structured.series.at(-1).snapshot.resources);
  });
});

describe('state folder', () => {
  it('keeps the histories of different samples apart', async () => {
    const { stateDir } = await stateWithKeys([]);
    const sizes: number[] = [];
    for (const args of [
      ['--sample-size', '300'],
      ['--sample-size', '310'],
      ['--sample-size', '300', '--sample-seed', '2'],
    ]) {
      const server = await serveSample(args, stateDir);
      const client = await openClient(server.url);
      const before = await ask(client, 'get_violation_history', { days_back: 2 });
      expect(before.structured.notes).toEqual([expect.stringContaining('There is no scan of this scope')]);
      const { structured } = await ask(client, 'check_tag_compliance', { limit: 1 });
      expect(structured).toMatchObject({ snapshot_stored: true });
      expect(structured).not.toHaveProperty('previous');
      const after = await ask(client, 'get_violation_history', { days_back: 2 });
      sizes.push(after.structured.series.at(-1).scans);
      await server.close();
    }
    expect(sizes).toEqual([1, 1, 1]);
  });
});
