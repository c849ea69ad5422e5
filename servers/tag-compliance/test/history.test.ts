import { describe, expect, it } from 'vitest';
import { serveAws } from './support/embedded-aws.ts';
import { ask } from './support/sample.ts';

const CHECK = 'check_tag_compliance';
const HERE = ['--regions', 'eu-central-1'];

describe('the history of a day', () => {
  it.each(['throttled', 'internal_error', 'access_denied'] as const)(
    'keeps the complete scan when a later one is partial (%s)',
    async (kind) => {
      const { client, aws } = await serveAws(HERE);
      const first = await ask(client, CHECK, { limit: 1 });
      expect(first.structured).toMatchObject({ snapshot_stored: true, about: { complete: true } });
      aws.faults.add({ kind, service: 'ec2' });
      const second = await ask(client, CHECK, { limit: 1, force_refresh: true });
      expect(second.structured).toMatchObject({ snapshot_stored: false, about: { complete: false } });
      expect(second.structured.summary.resources).toBeLessThan(first.structured.summary.resources);
      const { series } = (await ask(client, 'get_violation_history', { days_back: 1 })).structured;
      expect(series.at(-1).snapshot).toMatchObject({ is_complete: true, resources: first.structured.summary.resources });
    },
  );

  it('gets the complete scan after a partial one', async () => {
    const { client, aws } = await serveAws(HERE);
    const recover = aws.faults.add({ kind: 'access_denied', operation: 'DescribeVolumes' });
    expect((await ask(client, CHECK, { limit: 1 })).structured.snapshot_stored).toBe(true);
    recover();
    expect((await ask(client, CHECK, { limit: 1, force_refresh: true })).structured.snapshot_stored).toBe(true);
    const { structured } = await ask(client, 'get_violation_history', { days_back: 1 });
    expect(structured.series.at(-1)).toMatchObject({ snapshot: { is_complete: true }, scans: 2 });
    expect(structured.notes).toEqual(['All 2 scans are of the same day, which is no trend yet.']);
  });
});

describe('a refused call', () => {
  it('with a cursor that is none reads nothing and stores nothing', async () => {
    const { client, aws } = await serveAws(HERE);
    await expect(ask(client, CHECK, { cursor: 'garbage' })).rejects.toThrow('cursor: it does not belong to these arguments.');
    expect(aws.requests).toEqual([]);
    const { structured } = await ask(client, 'get_violation_history', { days_back: 1 });
    expect(structured.series.map(({ scans }: { scans: number }) => scans)).toEqual([0]);
  });

  it('with a cursor of data that has changed stores nothing', async () => {
    const { client, aws } = await serveAws(HERE);
    const { structured: first } = await ask(client, CHECK, { limit: 1 });
    aws.faults.add({ kind: 'access_denied', operation: 'DescribeVolumes' });
    await ask(client, CHECK, { limit: 1, force_refresh: true, store_snapshot: false });
    await expect(ask(client, CHECK, { limit: 1, cursor: first.next_cursor })).rejects.toThrow('The data has changed since the first page.');
    const { structured } = await ask(client, 'get_violation_history', { days_back: 1 });
    expect(structured.series.at(-1)).toMatchObject({ scans: 1 });
  });
});

describe('the scope of a history', () => {
  it('can be chosen by what the text of an earlier answer says', async () => {
    const { client } = await serveAws(HERE);
    await ask(client, CHECK, { limit: 1 });
    await ask(client, CHECK, { limit: 1, resource_types: ['ec2:instance'] });
    const { text } = await ask(client, 'get_violation_history', { days_back: 1 });
    expect(text).toContain('Scans of other types, regions, accounts or severities are not shown (1)');
    const [, scope] = /^ {2}(types=.*)$/m.exec(text) ?? [];
    const { structured } = await ask(client, 'get_violation_history', { days_back: 1, scope });
    expect(structured).toMatchObject({ scope: 'types=ec2:instance regions=* accounts=* severity=all', series: [{ scans: 1 }] });
  });

  it('that is none is refused, with the scopes that there are', async () => {
    const { client } = await serveAws(HERE);
    await ask(client, CHECK, { limit: 1 });
    const asked = ask(client, 'get_violation_history', { scope: 'x' });
    await expect(asked).rejects.toThrow('scope: This is not the scope of a scan.');
    await expect(asked).rejects.toThrow('pass one of: types=* regions=* accounts=* severity=all.');
  });

  it('says once that one scan is no trend', async () => {
    const { client } = await serveAws(HERE);
    await ask(client, CHECK, { limit: 1 });
    const { text } = await ask(client, 'get_violation_history', { days_back: 1 });
    expect(text.match(/no trend/g)).toEqual(['no trend']);
    expect(text).toContain('One scan is no trend yet.');
  });
});

describe('a later page', () => {
  it('stores nothing when the first page was not to be stored', async () => {
    const { client } = await serveAws(HERE);
    const { structured: first } = await ask(client, CHECK, { limit: 1, store_snapshot: false });
    const { structured: second } = await ask(client, CHECK, { limit: 1, store_snapshot: false, cursor: first.next_cursor });
    expect([first.snapshot_stored, second.snapshot_stored]).toEqual([false, false]);
    const { structured } = await ask(client, 'get_violation_history', { days_back: 1 });
    expect(structured.series.at(-1).scans).toBe(0);
  });
});
