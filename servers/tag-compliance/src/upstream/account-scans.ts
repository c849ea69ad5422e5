import type { CallContext, Scan, ScanQuery } from '../inventory/source.ts';
import type { Scanner } from '../scanning/scanner.ts';
import { runUntilDeadline } from './deadline.ts';
import { GLOBAL, type OpenRegion } from './region-client.ts';
import type { Scope } from './scope.ts';
import { planAccount } from './slices.ts';

export interface AccountScansOptions {
  scope: Scope;
  openRegion: OpenRegion;
  scanner: Scanner;
  /** Regions to scan; none means all that are enabled for each account. */
  regions: readonly string[];
}

/** The configured accounts, or that of the credentials. @throws ToolError when the credentials cannot be used, or `timeout` */
export function accountsBeforeDeadline(scope: Scope, call: CallContext): Promise<readonly string[]> {
  return runUntilDeadline(call, 'Looking up the account of the AWS credentials', ({ signal }) => scope.accounts(signal));
}

/** Makes the function that scans the accounts and regions of a query, or those that are configured where it names none. */
export function createAccountScans({ scope, openRegion, scanner, regions }: AccountScansOptions) {
  // What has no region is listed in one of the regions and belongs to all of them.
  const configuredRegions = regions.length > 0 ? [...regions, GLOBAL] : [];
  return async (query: ScanQuery, call: CallContext): Promise<Scan> => {
    const configured = await accountsBeforeDeadline(scope, call);
    const accounts = query.accounts.length > 0 ? query.accounts : configured;
    const wanted = { ...query, regions: query.regions.length > 0 ? query.regions : configuredRegions };
    const plans = [...new Set(accounts)].map((account) => planAccount(account, wanted, scope, openRegion));
    return scanner.scan(plans, wanted, call);
  };
}
