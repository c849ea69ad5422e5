import fs from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Charge } from '../../bill/charge.ts';
import { addDays } from '../../bill/days.ts';
import { formatUnits } from '../../bill/units.ts';

export type FocusVersion = '1.0' | '1.1' | '1.2';
export type FileFormat = 'parquet' | 'csv' | 'csv.gz';

type Fields = Record<string, string | undefined>;

/** The columns of FOCUS 1.0 with those of AWS, as far as this server reads them, and some that it does not. */
const V1_0 = ['AvailabilityZone', 'BilledCost', 'BillingAccountId', 'BillingCurrency', 'BillingPeriodEnd', 'BillingPeriodStart'].concat(
  ['ChargeCategory', 'ChargeClass', 'ChargeDescription', 'ChargePeriodEnd', 'ChargePeriodStart', 'CommitmentDiscountCategory'],
  ['ConsumedQuantity', 'ConsumedUnit', 'ContractedCost', 'EffectiveCost', 'ListCost', 'PricingCategory', 'ProviderName', 'RegionId'],
  ['ResourceId', 'ServiceName', 'SubAccountId', 'SubAccountName', 'Tags', 'x_Operation'],
);

/** What an AWS export of each version has. Later ones keep cost categories among the tags, and the usage type in SkuMeter. */
const COLUMNS: Readonly<Record<FocusVersion, readonly string[]>> = {
  '1.0': [...V1_0, 'x_CostCategories', 'x_UsageType'],
  '1.1': [...V1_0, 'x_CostCategories', 'SkuMeter', 'ServiceSubcategory'],
  '1.2': [...V1_0, 'SkuMeter', 'ServiceSubcategory', 'InvoiceId'],
};

const TYPES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['BilledCost', 'EffectiveCost', 'ListCost', 'ContractedCost', 'ConsumedQuantity'].map((name) => [name, 'DOUBLE'])),
  ...Object.fromEntries(
    ['BillingPeriodStart', 'BillingPeriodEnd', 'ChargePeriodStart', 'ChargePeriodEnd'].map((name) => [name, 'TIMESTAMP_MS']),
  ),
  Tags: 'MAP(VARCHAR, VARCHAR)',
  x_CostCategories: 'MAP(VARCHAR, VARCHAR)',
};

export interface FileOptions {
  version?: FocusVersion;
  format?: FileFormat;
  /** Replaces columns of every row. */
  change?: (fields: Fields, index: number) => Fields;
  /** Columns to leave out. */
  without?: readonly string[];
  /** Types of Parquet columns instead of those of AWS: `{ BilledCost: 'DECIMAL(30,12)' }`. */
  types?: Readonly<Record<string, string>>;
}

export function fieldsOf(charge: Charge, version: FocusVersion): Fields {
  const { chargePeriodStart: day, costCategories } = charge;
  const prefixed = Object.fromEntries(Object.entries(costCategories).map(([name, value]) => [`costCategory/${name}`, value]));
  return {
    BilledCost: formatUnits(charge.billedCost),
    BillingAccountId: '999999999999',
    BillingCurrency: charge.billingCurrency,
    BillingPeriodStart: `${day.slice(0, 7)}-01T00:00:00Z`,
    ChargeCategory: charge.chargeCategory,
    ChargeDescription: 'Says "so", twice,\nover two lines',
    ChargePeriodStart: `${day}T00:00:00Z`,
    ChargePeriodEnd: `${addDays(day, 1)}T00:00:00Z`,
    CommitmentDiscountCategory: charge.commitmentDiscountCategory,
    ConsumedQuantity: charge.consumedQuantity === undefined ? undefined : formatUnits(charge.consumedQuantity),
    ConsumedUnit: charge.consumedUnit,
    ContractedCost: formatUnits(charge.contractedCost),
    EffectiveCost: formatUnits(charge.effectiveCost),
    ListCost: formatUnits(charge.listCost),
    PricingCategory: charge.pricingCategory,
    ProviderName: charge.providerName,
    RegionId: charge.regionId,
    ResourceId: charge.resourceId,
    ServiceName: charge.serviceName,
    SkuMeter: charge.usageType,
    SubAccountId: charge.subAccountId,
    Tags: JSON.stringify(version === '1.2' ? { ...charge.tags, ...prefixed } : charge.tags),
    x_CostCategories: JSON.stringify(costCategories),
    x_Operation: charge.operation,
    x_UsageType: charge.usageType,
  };
}

/** Writes one file of charges, in the form of AWS's exports. */
export async function writeFocusFile(file: string, charges: readonly Charge[], options: FileOptions = {}): Promise<void> {
  const { version = '1.2', format = 'parquet', change = (fields) => fields, without = [], types = {} } = options;
  const rows = charges.map((charge, index) => change(fieldsOf(charge, version), index));
  const columns = [...new Set([...COLUMNS[version], ...Object.keys(rows[0] ?? {}).filter((name) => isOwn(name, version))])];
  const kept = columns.filter((name) => !without.includes(name));
  const csv = `${[kept.join(','), ...rows.map((fields) => kept.map((name) => quote(fields[name])).join(','))].join('\r\n')}\r\n`;
  await fs.mkdir(path.dirname(file), { recursive: true });
  if (format === 'csv') return fs.writeFile(file, csv);
  if (format === 'csv.gz') return fs.writeFile(file, gzipSync(csv));
  await fs.writeFile(`${file}.source`, csv);
  await toParquet(`${file}.source`, file, kept, { ...TYPES, ...types });
  await fs.rm(`${file}.source`);
}

/** Columns that a test adds by itself, and not those of other versions. */
function isOwn(name: string, version: FocusVersion): boolean {
  return !Object.values(COLUMNS).flat().includes(name) || COLUMNS[version].includes(name);
}

function quote(value: string | undefined): string {
  if (value === undefined) return '';
  return `"${value.replaceAll('"', '""')}"`;
}

async function toParquet(from: string, to: string, columns: readonly string[], types: Readonly<Record<string, string>>): Promise<void> {
  const read = `{${columns.map((name) => `'${name}': 'VARCHAR'`).join(', ')}}`;
  const values = columns.map((name) => {
    const type = types[name];
    if (type === undefined) return `"${name}"`;
    if (type.startsWith('MAP')) return `CAST(CAST("${name}" AS JSON) AS ${type}) AS "${name}"`;
    return `CAST("${name}" AS ${type}) AS "${name}"`;
  });
  await runDuckDb(
    `COPY (SELECT ${values.join(', ')} FROM read_csv('${from}', columns = ${read}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '')) TO '${to}' (FORMAT parquet, COMPRESSION snappy)`,
  );
}

/** A statement in an engine of its own, that is not closed off. */
export async function runDuckDb(statement: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', {});
  const connection = await instance.connect();
  try {
    await connection.run(statement);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export interface AwsExportOptions extends FileOptions {
  name?: string;
  /** As the bucket knows the folder: what manifests name files by. */
  bucket?: string;
  prefix?: string;
  partition?: 'BILLING_PERIOD' | 'billing_period';
  /** Set: every refresh has folders of its own. */
  execution?: string;
  /** Charges of a file. */
  chunk?: number;
}

/** Writes an export as AWS does: data first, then a manifest for each billing period. @returns the files' paths below the folder */
export async function writeAwsExport(folder: string, charges: readonly Charge[], options: AwsExportOptions = {}): Promise<string[]> {
  const {
    name = 'focus',
    bucket = 'bills',
    prefix = '',
    partition = 'billing_period',
    execution,
    chunk = 1_000,
    format = 'parquet',
  } = options;
  const written: string[] = [];
  const ownFolder = execution === undefined ? '' : `${execution}/`;
  for (const [month, members] of Map.groupBy(charges, ({ chargePeriodStart }) => chargePeriodStart.slice(0, 7))) {
    const files: string[] = [];
    for (let at = 0; at < members.length; at += chunk) {
      const number = String(files.length + 1).padStart(5, '0');
      const file = `${name}/data/${partition}=${month}/${ownFolder}${name}-${number}.${format === 'parquet' ? 'snappy.parquet' : format}`;
      await writeFocusFile(path.join(folder, file), members.slice(at, at + chunk), options);
      files.push(file);
    }
    const manifest = `${name}/metadata/${partition}=${month}/${ownFolder}${name}-Manifest.json`;
    const dataFiles = files.map((file) => `s3://${bucket}/${prefix === '' ? '' : `${prefix}/`}${file}`);
    await fs.mkdir(path.dirname(path.join(folder, manifest)), { recursive: true });
    await fs.writeFile(path.join(folder, manifest), JSON.stringify({ executionId: 'e', exportArn: 'arn', columns: [], dataFiles }));
    written.push(...files, manifest);
  }
  return written;
}
