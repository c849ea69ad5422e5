import { once } from '@fairway-mcp/async';
import { createAws } from '@fairway-mcp/aws';
import { type Finding, type Kit, ToolError, UsageError } from '@fairway-mcp/kit';
import type { BillSource } from './bill/question.ts';
import { type Charts, charts } from './charts.ts';
import { withCheckedFilters } from './checked-source.ts';
import type { Config } from './config.ts';
import { planFromBill } from './planning/plan-from-bill.ts';
import type { Planning } from './planning/planning.ts';
import { createSampleSource } from './sample/sample-source.ts';
import { openAthena } from './upstream/athena/open-athena.ts';
import { openFocus } from './upstream/focus/open-focus.ts';
import { openCostExplorer } from './upstream/open-cost-explorer.ts';

/** What the tools work with. */
export interface Services {
  bill: BillSource;
  /** What comes, what is unusual, and what could be saved. */
  planning: Planning;
  /** The present, as the bill knows it: the sample has a calendar of its own, so that its answers stay the same. */
  presentOf(clock: Date): Date;
  /** Draws charts. What draws is loaded with the first one. */
  charts: Charts;
  /** Whether the bill can be read, without paying for it. */
  check(signal: AbortSignal): Promise<Finding[]>;
  close(): Promise<void>;
}

/** A bill, and what belongs to reading it. */
interface Opened {
  source: BillSource;
  look(signal: AbortSignal): Promise<unknown>;
  close(): Promise<void>;
}

/** @throws UsageError when no bill is named, or several, or what one needs is not there. */
export async function createServices(settings: Config, kit: Kit): Promise<Services> {
  const { sample, costExplorer, focus, athenaTable } = settings;
  const named = [
    ...(sample ? ['--sample'] : []),
    ...(costExplorer ? ['--cost-explorer'] : []),
    ...(focus.length > 0 ? ['--focus'] : []),
    ...(athenaTable ? ['--athena-table'] : []),
  ];
  if (named.length > 1) throw new UsageError(`${named.join(' and ')} name different bills. Keep one of them.`);
  if (costExplorer) return billedServices(settings, kit);
  if (focus.length > 0) return toServices(await openExports(settings, kit), '--focus', kit.now);
  if (athenaTable !== undefined) return toServices(openTable(athenaTable, settings, kit), '--athena-table', kit.now);
  if (!sample)
    throw new UsageError(
      'There is no bill to read. Name one with --cost-explorer, --focus or --athena-table, or try the server with --sample.',
    );
  const source = createSampleSource({ seed: settings.sampleSeed, size: settings.sampleSize });
  return {
    ...toServices({ source, look: async () => {}, close: async () => {} }, '--sample', () => source.now),
    presentOf: () => source.now,
  };
}

/** Cost Explorer, which is paid by the page. */
function billedServices(settings: Config, kit: Kit): Services {
  if (settings.accounts.length > 0 && settings.roleArn === undefined)
    throw new UsageError('--accounts needs --role-arn, the role to assume in them.');
  const { source, planning, check, close } = openCostExplorer(settings, kit);
  return { bill: withCheckedFilters(source), planning, presentOf: (clock) => clock, charts, check, close };
}

async function openExports(settings: Config, kit: Kit): Promise<Opened> {
  const { focus, focusCacheDir, focusMemoryMb, focusRefreshMinutes } = settings;
  const aws = once(() => openAws(settings, kit));
  const opened = await openFocus(
    {
      locations: focus,
      ...(focusCacheDir !== undefined && { cacheFolder: focusCacheDir }),
      memoryMb: focusMemoryMb,
      refreshMinutes: focusRefreshMinutes,
    },
    { aws, now: () => kit.now().getTime() },
  );
  return opened;
}

function openTable(table: string, settings: Config, kit: Kit): Opened {
  const aws = openAws(settings, kit);
  const { athenaWorkgroup, athenaOutput, athenaPartition, athenaCutoffMb, athenaUsdPerTb } = settings;
  return openAthena(
    aws,
    {
      table,
      workgroup: athenaWorkgroup,
      partition: athenaPartition,
      cutoffMb: athenaCutoffMb,
      usdPerTb: athenaUsdPerTb,
      ...(athenaOutput !== undefined && { output: athenaOutput }),
    },
    () => kit.now().getTime(),
  );
}

function openAws({ awsRegion, awsProfile }: Config, { log }: Kit) {
  return createAws({
    ...(awsRegion !== undefined && { region: awsRegion }),
    ...(awsProfile !== undefined && { profile: awsProfile }),
    sessionName: 'fairway-cost',
    log,
  });
}

function toServices({ source, look, close }: Opened, flag: string, now: () => Date): Services {
  return {
    bill: withCheckedFilters(source),
    planning: planFromBill(source, now),
    presentOf: (clock) => clock,
    charts,
    check: async (signal) => [await findingOf(source.title, flag, () => look(signal))],
    close,
  };
}

async function findingOf(title: string, flag: string, look: () => Promise<unknown>): Promise<Finding> {
  try {
    await look();
    return { name: 'bill', ok: true, detail: `Read from ${title} (${flag}).` };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { name: 'bill', ok: false, detail: error.message, remedy: error.remedy };
  }
}
