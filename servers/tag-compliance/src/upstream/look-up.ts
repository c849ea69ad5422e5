import { AwsError } from '@fairway-mcp/aws';
import { isKnownRegion, parseArn } from '@fairway-mcp/aws/arn';
import { typeOfArn } from '../inventory/arn-type.ts';
import { toCoverage } from '../inventory/coverage.ts';
import { absent, absentBy, coverageOfFound, type Found, type Lookup } from '../inventory/lookup.ts';
import type { CallContext } from '../inventory/source.ts';
import type { Scanner } from '../scanning/scanner.ts';
import { accountsBeforeDeadline } from './account-scans.ts';
import { deadlineSignal } from './deadline.ts';
import { gapOf, TOO_LATE } from './gap.ts';
import { createPlaceLookup, type PlaceLookup } from './place-lookup.ts';
import type { OpenRegion } from './region-client.ts';
import type { EnteredAccount, Scope } from './scope.ts';
import { globalHome } from './slices.ts';

export interface LookUpDependencies {
  scope: Scope;
  openRegion: OpenRegion;
  scanner: Scanner;
  /** Configured regions: the scans use them, so that they are not checked here. */
  regions: readonly string[];
  now(): Date;
}

/** One ARN in one account. ARNs without an account may be in any. */
interface Request {
  arn: string;
  type: string;
  account: string;
  /** Empty when the ARN names none. */
  region: string;
}

type Outcome = Request & { found: Found };

/**
 * Looks up resources by their ARNs, each in its own account and region, whatever is configured to be scanned: by ARN from the Tagging
 * API, which knows the tags of this moment, and in the listing of its service, which knows what exists.
 * @throws ToolError when the credentials cannot be used, or `timeout`; the signal's reason
 */
export async function lookUp(arns: readonly string[], dependencies: LookUpDependencies, call: CallContext): Promise<Lookup> {
  const asOf = dependencies.now().toISOString();
  const accounts = await accountsBeforeDeadline(dependencies.scope, call);
  const requests = [...new Set(arns)].flatMap((arn) => toRequests(arn, accounts));
  const groups = [...Map.groupBy(requests, ({ account }) => account)];
  let done = 0;
  const perAccount = await Promise.all(
    groups.map(async ([account, some]) => {
      const outcomes = await lookUpInAccount(account, some, accounts, dependencies, call);
      done += 1;
      call.progress(done, groups.length, `Looked in account ${account}`);
      return outcomes;
    }),
  );
  const outcomes = Map.groupBy(perAccount.flat(), ({ arn }) => arn);
  const settled = [...new Set(arns)].map((arn) => ({ arn, likely: likeliest(outcomes.get(arn) ?? []) }));
  return {
    byArn: new Map(settled.flatMap(({ arn, likely: [first] }) => (first === undefined ? [] : [[arn, first.found]]))),
    coverage: toCoverage(settled.flatMap(({ likely }) => likely.map(({ found, type, ...place }) => coverageOfFound(found, type, place)))),
    asOf,
  };
}

function toRequests(arn: string, accounts: readonly string[]): Request[] {
  const { account = '', region = '' } = parseArn(arn) ?? {};
  return (account === '' ? accounts : [account]).map((one) => ({ arn, type: typeOfArn(arn), account: one, region }));
}

async function lookUpInAccount(
  account: string,
  requests: readonly Request[],
  accounts: readonly string[],
  { scope, openRegion, scanner, regions, now }: LookUpDependencies,
  call: CallContext,
): Promise<Outcome[]> {
  const signal = deadlineSignal(call);
  try {
    const entered = await scope.enter(account, signal);
    if (!('identity' in entered)) {
      const reason = accounts.includes(account) ? 'no_access_to_account' : 'account_not_configured';
      return requests.map((request) => ({ ...request, found: absent(reason, entered.detail ?? 'It cannot be entered.') }));
    }
    const lookup = createPlaceLookup(entered, { openRegion, scanner, scope, now }, { call, signal });
    const problems = await problemsOf(requests, entered, { scope, regions }, signal);
    const groups = [...Map.groupBy(requests, ({ region }) => region)];
    const outcomes = await Promise.all(
      groups.map(([region, some]) => lookUpInRegion(region, some, { entered, lookup, problem: problems.get(region) })),
    );
    return outcomes.flat();
  } catch (error) {
    call.signal.throwIfAborted();
    const gap = signal.aborted ? TOO_LATE : gapOf(error);
    return requests.map((request) => ({ ...request, found: absentBy(gap) }));
  }
}

/** What is wrong with the regions of the ARNs; nothing when the regions of the account cannot be listed. */
async function problemsOf(
  requests: readonly Request[],
  entered: EnteredAccount,
  { scope, regions }: Pick<LookUpDependencies, 'scope' | 'regions'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const names = [...new Set(requests.map(({ region }) => region))].filter(
    (name) => name !== '' && !(regions.includes(name) && isKnownRegion(name)),
  );
  if (names.length === 0) return new Map();
  try {
    return await scope.regionProblems(names, entered, signal);
  } catch (error) {
    if (error instanceof AwsError) return new Map();
    throw error;
  }
}

async function lookUpInRegion(
  region: string,
  requests: readonly Request[],
  { entered: { identity }, lookup, problem }: { entered: EnteredAccount; lookup: PlaceLookup; problem: string | undefined },
): Promise<Outcome[]> {
  const isOwn = ({ arn }: Request) => parseArn(arn)?.partition === identity.partition;
  const arns = problem === undefined ? requests.filter(isOwn).map(({ arn }) => arn) : [];
  const found = region === '' ? await lookup.withoutRegion(arns, globalHome(identity.partition)) : await lookup.inRegion(region, arns);
  return requests.map((request) => ({
    ...request,
    found: found.get(request.arn) ?? absent('region_not_looked_at', problem ?? foreignDetail(request.arn)),
  }));
}

function foreignDetail(arn: string): string {
  return `These credentials are not for the partition ${parseArn(arn)?.partition ?? 'of this ARN'}.`;
}

/** Of several accounts that an ARN may belong to: the one that has it, or those that could not be looked into, or all. */
function likeliest(outcomes: readonly Outcome[]): Outcome[] {
  const there = outcomes.find(({ found }) => found.resource !== undefined);
  if (there !== undefined) return [there];
  const unknown = outcomes.filter(({ found }) => found.resource === undefined && found.reason !== 'absent');
  return unknown.length > 0 ? unknown : [...outcomes];
}
