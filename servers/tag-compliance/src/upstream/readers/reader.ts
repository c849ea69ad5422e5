import type { Aws, Service, ServiceName } from '@fairway-mcp/aws';
import { AwsError, answered, listed } from '@fairway-mcp/aws';
import type { Resource } from '../../inventory/resource.ts';
import type { Gap } from '../gap.ts';

/** One listing of one service. */
export interface Reader {
  /** The type that it lists, in the notation of AWS tag policies. */
  type: string;
  /** Listed once for all regions. */
  isGlobal?: boolean;
  /** IAM actions of the way that is taken when everything is allowed. */
  actions: readonly string[];
  /** IAM actions of the longer way that is taken when `tag:GetResources` is denied. */
  fallbackActions?: readonly string[];
  /** @throws AwsError when nothing could be listed */
  read(visit: Visit): Promise<Reading>;
}

export interface Reading {
  resources: Resource[];
  /** What could not be read although the listing went well. */
  gaps: readonly Gap[];
}

/** Being in one region of one account. */
export interface Visit {
  account: string;
  region: string;
  partition: string;
  signal: AbortSignal;
  /** What each call to the SDK takes besides its command. */
  options: { abortSignal: AbortSignal };
  open<S extends ServiceName>(service: S, region?: string): Promise<Service<S>>;
  /** Waits for an answer. @throws AwsError that names the action */
  ask<T>(action: string, answer: Promise<T>): Promise<T>;
  /** The ARN of a resource of this place. */
  arn(service: string, resource: string): string;
  /** Tells how many resources a page held. */
  page(resources: number): void;
}

export interface VisitOptions {
  aws: Aws;
  account: string;
  /** Unset when the account is that of the credentials themselves. */
  roleAccount: string | undefined;
  region: string;
  partition: string;
  signal: AbortSignal;
  page?(resources: number): void;
}

export function visit({ aws, account, roleAccount, region, partition, signal, page = () => undefined }: VisitOptions): Visit {
  return {
    account,
    region,
    partition,
    signal,
    page,
    options: { abortSignal: signal },
    open: (service, other) => aws.open(service, { region: other ?? region, ...(roleAccount !== undefined && { account: roleAccount }) }),
    ask: (action, answer) => answered(action, signal, answer),
    arn: (service, resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`,
  };
}

/** How to follow one listing. */
export interface Listing<Page, Item> {
  action: string;
  /** @param token of the page; unset for the first one */
  ask(token: string | undefined): Promise<Page>;
  /** What is on a page; unset when the page has no list at all, which is not an answer. */
  items(page: Page): readonly Item[] | undefined;
  next(page: Page): string | undefined;
}

/**
 * Follows a listing to its end, through short and empty pages. When a token in its middle is refused, because it has expired or the
 * service has forgotten it, the listing begins anew, once.
 * @throws AwsError
 */
export async function list<Page, Item>(at: Pick<Visit, 'ask' | 'page'>, listing: Listing<Page, Item>): Promise<Item[]> {
  const first = await follow(at, listing);
  if (!(first instanceof AwsError)) return first;
  const second = await follow(at, listing);
  if (second instanceof AwsError) throw second;
  return second;
}

/** @returns the refusal when a token in the middle was refused */
async function follow<Page, Item>(
  at: Pick<Visit, 'ask' | 'page'>,
  { action, ask, items, next }: Listing<Page, Item>,
): Promise<Item[] | AwsError> {
  const found: Item[] = [];
  let token: string | undefined;
  do {
    let page: Page;
    try {
      page = await at.ask(action, ask(token));
    } catch (error) {
      if (token !== undefined && error instanceof AwsError && error.failure === 'rejected') return error;
      throw error;
    }
    const some = listed(action, items(page));
    for (const item of some) found.push(item);
    at.page(some.length);
    const following = next(page) || undefined;
    if (following !== undefined && following === token) throw new AwsError(action, 'invalid_answer', 'SameTokenAgain');
    token = following;
  } while (token !== undefined);
  return found;
}

/** `[{ Key, Value }]` or `[{ key, value }]`, as most services write tags. */
export function toTags(
  list: readonly { Key?: string; Value?: string; key?: string; value?: string }[] | undefined,
): Readonly<Record<string, string>> {
  if (list === undefined || list.length === 0) return {};
  return Object.fromEntries(list.map((tag) => [tag.Key ?? tag.key ?? '', tag.Value ?? tag.value ?? '']));
}

export function present(values: readonly (string | undefined)[]): string[] {
  return values.filter((value): value is string => value !== undefined && value !== '');
}

export function toInstant(date: Date | undefined): string | undefined {
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
