import { type Aws, answered, type Service, type ServiceName } from '@fairway-mcp/aws';
import type { EnteredAccount } from './scope.ts';

/** The region of what has none. */
export const GLOBAL = 'global';

/** AWS as seen from one region of one account. */
export interface RegionClient {
  account: string;
  region: string;
  partition: string;
  signal: AbortSignal;
  /** What each call to the SDK takes besides its command. */
  options: { abortSignal: AbortSignal };
  open<S extends ServiceName>(service: S, region?: string): Promise<Service<S>>;
  /** Waits for the answer to a call. @throws AwsError that names the action */
  call<T>(action: string, answer: Promise<T>): Promise<T>;
  /** The ARN of a resource of this account and region. */
  arn(service: string, resource: string): string;
  /** Called for each page of a listing. */
  onPage(): void;
}

/** Opens a region of an account; `global` and no region mean the region for calls that belong to none. */
export type OpenRegion = (
  entered: EnteredAccount,
  region: string | undefined,
  reading: { signal: AbortSignal; onPage?(): void },
) => Promise<RegionClient>;

export function createOpenRegion(aws: Aws): OpenRegion {
  return async ({ identity: { account, partition }, roleAccount }, wantedRegion, { signal, onPage = () => undefined }) => {
    const region = wantedRegion === undefined || wantedRegion === GLOBAL ? await aws.homeRegion() : wantedRegion;
    return {
      account,
      region,
      partition,
      signal,
      onPage,
      options: { abortSignal: signal },
      open: (service, other) => aws.open(service, { region: other ?? region, ...(roleAccount !== undefined && { account: roleAccount }) }),
      call: (action, answer) => answered(action, signal, answer),
      arn: (service, resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`,
    };
  };
}
