import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Aws, createAws } from '@fairway-mcp/aws';
import { type AwsEmulator, startAwsEmulator } from '@fairway-mcp/aws-emulator';
import { generateOrganization, resourcesOf } from '@fairway-mcp/aws-sample';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatUnits, UNITS_PER_ONE } from '../../bill/units.ts';
import { CHARGES, MARCH } from './charges.fixture.ts';
import { type AwsExportOptions, type FileFormat, writeAwsExport } from './focus-files.fixture.ts';
import { type OpenFocus, openFocus } from './open-focus.ts';

const ORGANIZATION = generateOrganization({ seed: 1, size: 60, now: '2026-04-05T00:00:00.000Z' });
const [bucket] = resourcesOf(ORGANIZATION, 's3:bucket');
const ACCESS_KEY = 'AKIAIOSFODNN7EXAMPLE';
const BUCKET = bucket?.name ?? '';
const DATA = 'exports/focus/data/billing_period=2026-03/focus-00001.snappy.parquet';
const MANIFEST = 'exports/focus/metadata/billing_period=2026-03/focus-Manifest.json';
const MINUTES = 60_000;

const [FIRST] = CHARGES;
const charges = (count: number) =>
  Array.from({ length: count }, () => {
    if (FIRST === undefined) throw new Error('There is no charge.');
    return { ...FIRST, chargePeriodStart: '2026-03-10', chargeCategory: 'Usage' as const, billedCost: UNITS_PER_ONE };
  });

let emulator: AwsEmulator;
let aws: Aws;
let folder: string;
let clock: number;
const opened: OpenFocus[] = [];

beforeEach(async () => {
  clock = Date.parse('2026-04-05T00:00:00Z');
  emulator = await startAwsEmulator(ORGANIZATION, {
    now: () => clock,
    paging: { maxPageSize: 2 },
    accessKeys: { [ACCESS_KEY]: bucket?.account ?? '' },
  });
  vi.stubEnv('AWS_ACCESS_KEY_ID', ACCESS_KEY);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret');
  aws = createAws({
    endpoint: emulator.url,
    region: bucket?.region ?? '',
    sessionName: 'test',
    attempts: 3,
    limits: { requestTimeoutMs: 2_000 },
  });
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'fairway-s3-'));
});

afterEach(async () => {
  for (const focus of opened.splice(0)) await focus.close();
  aws.close();
  await emulator.stop();
  await fs.rm(folder, { recursive: true });
  vi.unstubAllEnvs();
});

/** Puts a refresh of an export into the bucket, data first, as AWS does. */
async function put(count: number, options: AwsExportOptions = {}): Promise<Map<string, Buffer>> {
  const local = await fs.mkdtemp(path.join(folder, 'export-'));
  const files = await writeAwsExport(local, charges(count), { bucket: BUCKET, prefix: 'exports', ...options });
  const contents = new Map<string, Buffer>();
  for (const file of files) contents.set(`exports/${file}`, await fs.readFile(path.join(local, file)));
  for (const [key, content] of contents) emulator.objects.put(BUCKET, key, content);
  return contents;
}

async function open(): Promise<OpenFocus> {
  const focus = await openFocus(
    { locations: [`s3://${BUCKET}/exports`], cacheFolder: path.join(folder, 'cache') },
    { aws: () => aws, now: () => clock },
  );
  opened.push(focus);
  return focus;
}

async function ask(focus: OpenFocus) {
  const { rows, caveats } = await focus.source.ask(MARCH, { signal: AbortSignal.timeout(60_000), principal: { id: 'test' } });
  return { total: formatUnits(rows[0]?.amounts.gross ?? 0n), caveats };
}

function fetched(): number {
  return emulator.requests.filter(({ operation }) => operation === 'GetObject').length;
}

describe('an export in S3', () => {
  it.each(['parquet', 'csv', 'csv.gz'] as const)('is fetched once for each version of a file: %s', async (format: FileFormat) => {
    await put(3, { format });
    const focus = await open();
    expect((await ask(focus)).total).toBe('3');
    expect([fetched(), (await ask(focus)).total]).toEqual([2, '3']);
    expect(fetched()).toBe(2);
    clock += 20 * MINUTES;
    await put(3, { format, name: 'focus' });
    expect((await ask(focus)).total).toBe('3');
  });

  it('needs no second transfer of files that another process has fetched', async () => {
    await put(3);
    await ask(await open());
    const before = fetched();
    expect((await ask(await open())).total).toBe('3');
    // Its manifest only.
    expect(fetched() - before).toBe(1);
  });

  it('is answered from two refreshes one after the other', async () => {
    await put(3);
    const focus = await open();
    expect((await ask(focus)).total).toBe('3');
    clock += 20 * MINUTES;
    await put(5);
    expect((await ask(focus)).total).toBe('5');
  });

  it('is answered from the refresh before while files are newer than their manifest', async () => {
    await put(3);
    const focus = await open();
    await ask(focus);
    const manifest = emulator.objects.find(BUCKET, MANIFEST)?.content ?? '';
    clock += 20 * MINUTES;
    await put(5);
    // As it was: data is written first.
    emulator.objects.put(BUCKET, MANIFEST, manifest);
    const stored = emulator.objects.find(BUCKET, MANIFEST);
    if (stored !== undefined) stored.modifiedAt = clock - 30 * MINUTES;
    const meanwhile = await ask(focus);
    expect(meanwhile.total).toBe('3');
    clock += 20 * MINUTES;
    emulator.objects.put(BUCKET, MANIFEST, manifest);
    expect((await ask(focus)).total).toBe('5');
  });

  it('is not answered from a refresh that has only begun', async () => {
    await put(3);
    clock += 20 * MINUTES;
    const content = emulator.objects.find(BUCKET, DATA)?.content ?? '';
    emulator.objects.put(BUCKET, DATA, content);
    await expect(ask(await open())).rejects.toMatchObject({
      kind: 'upstream_unavailable',
      message: expect.stringContaining('newer than its manifest'),
    });
  });

  it('is listed again when a file changes between listing and fetching', async () => {
    await put(3);
    const focus = await open();
    await focus.look(AbortSignal.timeout(60_000));
    await put(4);
    expect((await ask(focus)).total).toBe('4');
  });

  it('leaves nothing behind of a transfer that failed', async () => {
    await put(3);
    emulator.faults.add({ kind: 'access_denied', service: 's3', operation: 'GetObject', after: 1 });
    await expect(ask(await open())).rejects.toMatchObject({ kind: 'upstream_rejected', remedy: expect.stringContaining('s3:GetObject') });
    const [cache = ''] = await fs.readdir(path.join(folder, 'cache'));
    expect(await fs.readdir(path.join(folder, 'cache', cache))).toEqual([]);
  });

  it.each(['throttled', 'internal_error', 'disconnect', 'truncated', 'hang', 'lost_answer'] as const)(
    'is read although calls are %s now and then',
    async (kind) => {
      await put(3);
      emulator.faults.add({ kind, service: 's3', operation: 'GetObject', times: 1, after: 1 });
      expect((await ask(await open())).total).toBe('3');
    },
  );

  it('is refused in plain words when credentials have expired', async () => {
    await put(3);
    emulator.faults.add({ kind: 'expired_credentials', service: 's3' });
    await expect(ask(await open())).rejects.toMatchObject({ kind: 'upstream_rejected', message: expect.stringContaining('expired') });
  });

  it('is answered from what is here, with a word about it, while S3 cannot be listed', async () => {
    await put(3);
    const focus = await open();
    await ask(focus);
    clock += 20 * MINUTES;
    emulator.faults.add({ kind: 'throttled', service: 's3', operation: 'ListObjectsV2' });
    const { total, caveats } = await ask(focus);
    expect([total, caveats.join()]).toEqual(['3', expect.stringContaining('cannot be looked at')]);
  });

  it('is cleared of files that no refresh refers to any more, after a day', async () => {
    await put(3);
    const focus = await open();
    await ask(focus);
    // Files have the times of this machine.
    clock = Date.now() + 48 * 60 * MINUTES;
    await put(5);
    await ask(focus);
    const [cache = ''] = await fs.readdir(path.join(folder, 'cache'));
    await vi.waitFor(async () => expect(await fs.readdir(path.join(folder, 'cache', cache))).toHaveLength(1), { timeout: 30_000 });
  });
});
