import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Charge } from '../../bill/charge.ts';
import type { BillQuestion } from '../../bill/question.ts';
import { formatUnits, UNITS_PER_ONE, unitsOfText } from '../../bill/units.ts';
import { CHARGES, MARCH } from './charges.fixture.ts';
import { type FileOptions, runDuckDb, writeAwsExport, writeFocusFile } from './focus-files.fixture.ts';
import { type FocusSettings, type OpenFocus, openFocus } from './open-focus.ts';

const opened: (() => Promise<void>)[] = [];
let clock = Date.parse('2026-04-05T12:00:00Z');

afterEach(async () => {
  clock = Date.parse('2026-04-05T12:00:00Z');
  for (const close of opened.splice(0)) await close();
});

async function newFolder(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'fairway-focus-'));
  opened.push(() => fs.rm(folder, { recursive: true, force: true }));
  return folder;
}

async function open(folder: string, settings: Partial<FocusSettings> = {}): Promise<OpenFocus> {
  const focus = await openFocus({ locations: [folder], ...settings }, { aws: unused, now: () => clock });
  opened.unshift(() => focus.close());
  return focus;
}

function unused(): never {
  throw new Error('A folder needs no AWS.');
}

async function ask(focus: OpenFocus, question: Partial<BillQuestion> = {}) {
  return focus.source.ask({ ...MARCH, ...question }, { signal: AbortSignal.timeout(60_000), principal: { id: 'test' } });
}

async function total(focus: OpenFocus, question: Partial<BillQuestion> = {}): Promise<string> {
  const { rows } = await ask(focus, question);
  return formatUnits(rows.reduce((sum, { amounts }) => sum + amounts.gross + amounts.credits + amounts.refunds, 0n));
}

function charge(changes: Partial<Charge> = {}): Charge {
  const [first] = CHARGES;
  if (first === undefined) throw new Error('There is no charge.');
  return {
    ...first,
    chargePeriodStart: '2026-03-10',
    chargeCategory: 'Usage',
    billedCost: UNITS_PER_ONE,
    effectiveCost: UNITS_PER_ONE,
    ...changes,
  };
}

async function openFile(charges: readonly Charge[], options: FileOptions = {}, name = 'bill'): Promise<OpenFocus> {
  const folder = await newFolder();
  await writeFocusFile(path.join(folder, `${name}.${options.format ?? 'parquet'}`), charges, options);
  return open(folder);
}

describe('amounts of a FOCUS file', () => {
  it.each(['parquet', 'csv'] as const)('are exact where doubles are too coarse, in %s', async (format) => {
    const texts = ['199999.9999999999', '200000.0000000001', '225000.1234567891', '0.0000000001', '-0.0000000001', '9000000000.25'];
    const charges = texts.map((text) => charge({ chargeCategory: 'Adjustment', billedCost: unitsOfText(text) ?? 0n }));
    const focus = await openFile(charges, { format });
    const [least, ...others] = texts.map((text) => unitsOfText(format === 'csv' ? text : String(Number(text))) ?? 0n);
    expect(await total(focus)).toBe(formatUnits(others.reduce((sum, value) => sum + value, least ?? 0n)));
  });

  it('may be decimals of another scale', async () => {
    const focus = await openFile([charge(), charge({ billedCost: 15n })], { types: { BilledCost: 'DECIMAL(30,12)' } });
    expect(await total(focus)).toBe('1.0000000015');
  });

  it.each(['NaN', 'Infinity', '1e40'])('are refused when one is %s, not left out', async (text) => {
    const focus = await openFile([charge(), charge()], {
      change: (fields, index) => (index === 1 ? { ...fields, BilledCost: text } : fields),
    });
    await expect(ask(focus)).rejects.toMatchObject({
      kind: 'upstream_rejected',
      message: expect.stringContaining('not a number, too large'),
    });
  });

  it('are refused when their sum is too large for exact decimals', async () => {
    const huge = '9999999999999999999999999999';
    const focus = await openFile([charge(), charge()], { format: 'csv', change: (fields) => ({ ...fields, BilledCost: huge }) });
    await expect(ask(focus)).rejects.toMatchObject({ kind: 'upstream_rejected' });
  });

  it('count back what was paid: a negative row of usage is a refund, of an adjustment it is not', async () => {
    const focus = await openFile([
      charge({ billedCost: -5n }),
      charge({ chargeCategory: 'Adjustment', billedCost: -7n }),
      charge({ chargeCategory: 'Credit', billedCost: -11n }),
    ]);
    const { rows } = await ask(focus);
    expect(rows[0]?.amounts).toEqual({ gross: -7n, refunds: -5n, credits: -11n });
  });
});

describe('a bill in two currencies', () => {
  it('is refused, and answered for one of them', async () => {
    const focus = await openFile([charge(), charge({ billingCurrency: 'EUR' }), charge({ chargePeriodStart: '2026-02-03' })]);
    await expect(ask(focus)).rejects.toMatchObject({ kind: 'invalid_input', message: expect.stringContaining('EUR and USD') });
    const inEuro = await ask(focus, { filter: { kind: 'is', dimension: 'currency', values: ['EUR'] } });
    expect([inEuro.currency, inEuro.rows[0]?.amounts.gross]).toEqual(['EUR', UNITS_PER_ONE]);
    expect((await ask(focus, { period: { start: '2026-02-01', end: '2026-03-01' } })).currency).toBe('USD');
  });
});

describe('charges that last longer than a day', () => {
  const wholeMonth = (fields: Record<string, string | undefined>) => ({
    ...fields,
    ChargePeriodStart: '2026-03-01T00:00:00Z',
    ChargePeriodEnd: '2026-04-01T00:00:00Z',
  });

  it('are not told by day when they are usage', async () => {
    const focus = await openFile([charge()], { change: wholeMonth });
    expect(await total(focus, { granularity: 'monthly' })).toBe('1');
    await expect(ask(focus, { granularity: 'daily' })).rejects.toMatchObject({
      kind: 'invalid_input',
      message: expect.stringContaining('more than a day'),
    });
    await expect(ask(focus, { period: { start: '2026-03-10', end: '2026-03-20' } })).rejects.toMatchObject({ kind: 'invalid_input' });
  });

  it('count on their first day when they are tax, with a word about it', async () => {
    const focus = await openFile([charge({ chargeCategory: 'Tax' })], { change: wholeMonth });
    const { rows, caveats } = await ask(focus, { granularity: 'daily' });
    expect(rows.map(({ start }) => start)).toEqual(['2026-03-01']);
    expect(caveats.join()).toContain('counts on its first day');
  });
});

describe('a column that is missing', () => {
  it('is named, with the files, when a sum would be too low without it', async () => {
    const folder = await newFolder();
    await writeFocusFile(path.join(folder, 'one.parquet'), [charge()]);
    await writeFocusFile(path.join(folder, 'two.parquet'), [charge()], { without: ['ListCost'] });
    const focus = await open(folder);
    await expect(ask(focus, { metric: 'list' })).rejects.toMatchObject({
      kind: 'invalid_input',
      message: 'The column ListCost is missing in two.parquet.',
    });
    expect(await total(focus)).toBe('2');
  });

  it('is named in the answer when only a grouping lacks it in some files', async () => {
    const folder = await newFolder();
    await writeFocusFile(path.join(folder, 'one.parquet'), [charge()]);
    await writeFocusFile(path.join(folder, 'two.csv'), [charge()], { format: 'csv', without: ['ResourceId'] });
    const { rows, caveats } = await ask(await open(folder), { groupBy: ['resource'] });
    expect(rows).toHaveLength(2);
    expect(caveats.join()).toContain('two.csv has no column ResourceId');
  });

  it('refuses a grouping that no file has', async () => {
    const focus = await openFile([charge()], { without: ['x_Operation'] });
    await expect(ask(focus, { groupBy: ['operation'] })).rejects.toMatchObject({
      kind: 'invalid_input',
      message: expect.stringContaining('x_Operation'),
    });
  });
});

describe('files of several kinds', () => {
  it('are one bill: versions, formats and orders of columns may differ', async () => {
    const folder = await newFolder();
    await writeFocusFile(path.join(folder, 'a.parquet'), [charge({ usageType: 'A' })], { version: '1.2' });
    await writeFocusFile(path.join(folder, 'b.csv.gz'), [charge({ usageType: 'A' })], { version: '1.0', format: 'csv.gz' });
    await writeFocusFile(path.join(folder, 'c.csv'), [charge({ usageType: 'B' })], { version: '1.1', format: 'csv' });
    const { rows } = await ask(await open(folder), { groupBy: ['usage_type'] });
    expect(rows.map(({ keys, amounts }) => [keys[0], formatUnits(amounts.gross)]).toSorted()).toEqual([
      ['A', '2'],
      ['B', '1'],
    ]);
  });

  it('may be Azure exports: times without seconds, tags as JSON, a manifest that names blobs', async () => {
    const folder = await newFolder();
    const file = 'focus/20260301-20260331/run-2/part_0_0001.csv';
    const change = (fields: Record<string, string | undefined>) => ({
      ...fields,
      ChargePeriodStart: '2026-03-10T00:00Z',
      ChargePeriodEnd: '2026-03-11T00:00Z',
    });
    await writeFocusFile(path.join(folder, file), [charge({ tags: { team: 'a' } })], { format: 'csv', change });
    await writeFocusFile(path.join(folder, 'focus/20260301-20260331/run-1/part_0_0001.csv'), [charge()], { format: 'csv', change });
    const { size } = await fs.stat(path.join(folder, file));
    const write = (run: string, blob: string, byteCount: number) =>
      fs.writeFile(
        path.join(folder, `focus/20260301-20260331/${run}/manifest.json`),
        JSON.stringify({ blobCount: 1, blobs: [{ blobName: `container/${blob}`, byteCount }] }),
      );
    await write('run-1', file.replace('run-2', 'run-1'), 1);
    await fs.utimes(path.join(folder, 'focus/20260301-20260331/run-1/manifest.json'), 1, 1);
    await write('run-2', file, size);
    const { rows } = await ask(await open(folder), { groupBy: ['tag:team'], granularity: 'daily' });
    expect(rows.map(({ start, keys }) => [start, ...keys])).toEqual([['2026-03-10', 'a']]);
  });

  it('may have tags as pairs of key and value, as in BigQuery', async () => {
    const folder = await newFolder();
    const file = path.join(folder, 'a.parquet');
    await writeFocusFile(`${file}.x`, [charge({ tags: {} })]);
    await runDuckDb(
      `COPY (SELECT * REPLACE ([{'key': 'team', 'value': 'web'}] AS Tags) FROM read_parquet('${file}.x')) TO '${file}' (FORMAT parquet)`,
    );
    const { rows } = await ask(await open(folder), { groupBy: ['tag:team', 'tag:none'] });
    expect(rows.map(({ keys }) => keys)).toEqual([['web', undefined]]);
  });
});

describe('a file that is not whole', () => {
  it.each(['parquet', 'csv.gz'] as const)('is not read: %s', async (format) => {
    const folder = await newFolder();
    const file = path.join(folder, `bill.${format}`);
    await writeFocusFile(file, CHARGES, { format });
    const content = await fs.readFile(file);
    await fs.writeFile(file, content.subarray(0, content.length - 200));
    await expect(ask(await open(folder))).rejects.toMatchObject({ kind: expect.stringMatching(/^upstream_/) });
  });

  it('is not missed when it was cut off exactly between two members of a gzip file', async () => {
    const folder = await newFolder();
    await fs.writeFile(path.join(folder, 'bill.csv.gz'), Buffer.concat([gzipSync('BilledCost\r\n'), gzipSync('1\r\n').subarray(0, 12)]));
    await expect(ask(await open(folder))).rejects.toMatchObject({
      kind: 'upstream_unavailable',
      message: expect.stringContaining('cut off'),
    });
  });

  it('is not read while a tool still writes it under a name of its own', async () => {
    const focusFolder = await newFolder();
    await writeFocusFile(path.join(focusFolder, 'a.parquet'), [charge()]);
    await fs.writeFile(path.join(focusFolder, '.b.parquet'), 'half');
    await fs.writeFile(path.join(focusFolder, '_c.parquet'), 'half');
    await fs.writeFile(path.join(focusFolder, 'd.parquet.part'), 'half');
    expect(await total(await open(focusFolder))).toBe('1');
  });
});

describe('an AWS export in a folder', () => {
  it('counts only the files that manifests name: not what earlier refreshes left behind', async () => {
    const folder = await newFolder();
    await writeAwsExport(folder, [charge()]);
    await writeFocusFile(path.join(folder, 'focus/data/billing_period=2026-03/focus-00002.snappy.parquet'), [charge()]);
    expect(await total(await open(folder))).toBe('1');
  });

  it.each([
    ['BILLING_PERIOD', ''],
    ['billing_period', 'focus'],
  ] as const)('is found below %s and from any folder of it', async (partition, below) => {
    const folder = await newFolder();
    await writeAwsExport(folder, [charge()], { partition, prefix: 'exports' });
    expect(await total(await open(path.join(folder, below)))).toBe('1');
  });

  it('that keeps every refresh is answered from the newest of each period', async () => {
    const folder = await newFolder();
    await writeAwsExport(folder, [charge()], { execution: '20260401T000000Z-0b1c2d3e-0000-4000-8000-000000000001' });
    await writeAwsExport(folder, [charge(), charge()], { execution: '20260402T000000Z-0b1c2d3e-0000-4000-8000-000000000002' });
    expect(await total(await open(folder))).toBe('2');
  });

  it('without its manifests is refused when it keeps every refresh', async () => {
    const folder = await newFolder();
    await writeAwsExport(folder, [charge()], { execution: '20260401T000000Z-0b1c2d3e-0000-4000-8000-000000000001' });
    await fs.rm(path.join(folder, 'focus/metadata'), { recursive: true });
    await expect(ask(await open(folder))).rejects.toMatchObject({
      kind: 'upstream_rejected',
      message: expect.stringContaining('no manifest'),
    });
  });

  it('beside another export is refused, both named', async () => {
    const folder = await newFolder();
    await writeAwsExport(folder, [charge()], { name: 'one' });
    await writeAwsExport(folder, [charge()], { name: 'two' });
    await expect(ask(await open(folder))).rejects.toMatchObject({ message: expect.stringMatching(/one.*two/) });
    const both = await openFocus({ locations: [path.join(folder, 'one'), path.join(folder, 'two')] }, { aws: unused });
    opened.unshift(() => both.close());
    expect(await total(both)).toBe('2');
  });

  it('is answered as before while a refresh is incomplete, and from the new one after it', async () => {
    const folder = await newFolder();
    await writeAwsExport(folder, [charge()]);
    const focus = await open(folder);
    expect(await total(focus)).toBe('1');
    const manifest = path.join(folder, 'focus/metadata/billing_period=2026-03/focus-Manifest.json');
    await fs.writeFile(manifest, '{"dataFiles": ["s3://bills/focus/data/bil');
    clock += 3_600_000;
    const meanwhile = await ask(focus);
    expect([formatUnits(meanwhile.rows[0]?.amounts.gross ?? 0n), meanwhile.caveats.join()]).toEqual([
      '1',
      expect.stringContaining('being rewritten'),
    ]);
    await writeAwsExport(folder, [charge(), charge(), charge()]);
    clock += 3_600_000;
    expect(await total(focus)).toBe('3');
  });

  it('is not answered at all when its first refresh is incomplete', async () => {
    const folder = await newFolder();
    await writeAwsExport(folder, [charge()]);
    await fs.rm(path.join(folder, 'focus/data'), { recursive: true });
    await expect(ask(await open(folder))).rejects.toMatchObject({
      kind: 'upstream_unavailable',
      message: expect.stringContaining('not there'),
    });
  });

  it('says until when it has charges, and from when on they may change', async () => {
    const folder = await newFolder();
    await writeAwsExport(folder, [charge()]);
    const { caveats, estimatedFrom } = await ask(await open(folder), { period: { start: '2026-03-01', end: '2026-05-01' } });
    expect(caveats).toContain('The export holds nothing after 2026-03-10.');
    expect(estimatedFrom).toBe('2026-04-01');
  });
});

describe('an engine that is closed off', () => {
  it('is interrupted when the caller leaves', async () => {
    const focus = await openFile(CHARGES);
    const leaving = new AbortController();
    const answer = focus.source.ask(MARCH, { signal: leaving.signal, principal: { id: 'test' } });
    leaving.abort(new Error('left'));
    await expect(answer).rejects.toThrow('left');
    expect(await total(focus)).not.toBe('0');
  });

  it('finds nothing in a folder without charges, and says so', async () => {
    await expect(ask(await open(await newFolder()))).rejects.toMatchObject({ kind: 'not_found' });
  });
});
