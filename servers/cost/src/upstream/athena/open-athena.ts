import type { Aws } from '@fairway-mcp/aws';
import type { BillSource } from '../../bill/question.ts';
import { AthenaSource } from './athena-source.ts';

export interface OpenAthenaSettings {
  /** `database.table`, with a catalog before it where it is not Glue's own. */
  table: string;
  workgroup: string;
  output?: string;
  partition: string;
  cutoffMb: number;
  usdPerTb: number;
}

export interface OpenAthena {
  source: BillSource;
  look(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const GLUE = 'AwsDataCatalog';

/** A bill in Athena. Nothing is asked before the first question. */
export function openAthena(aws: Aws, { table, cutoffMb, ...settings }: OpenAthenaSettings, now: () => number): OpenAthena {
  const [name = '', database = '', catalog = GLUE] = table.split('.').toReversed();
  const source = new AthenaSource(aws, { ...settings, catalog, database, table: name, cutoffBytes: cutoffMb * 1_000_000 }, now);
  return { source, look: (signal) => source.look(signal), close: async () => aws.close() };
}
