import { AwsError, listed } from '@fairway-mcp/aws';
import type { RegionClient } from '../region-client.ts';

/** How to read the pages of one listing. */
export interface Listing<Page, Item> {
  action: string;
  /** @param token of the page; unset for the first one */
  request(token: string | undefined): Promise<Page>;
  /** The items of a page; unset when the answer has no list at all, which makes it invalid. */
  items(page: Page): readonly Item[] | undefined;
  next(page: Page): string | undefined;
}

/**
 * Reads a listing to its end, through short and empty pages. When a token after the first page is refused, because it has expired or
 * the service has forgotten it, the listing starts again once.
 * @throws AwsError
 */
export async function list<Page, Item>(aws: Pick<RegionClient, 'call' | 'onPage'>, listing: Listing<Page, Item>): Promise<Item[]> {
  const first = await readPages(aws, listing);
  if (!(first instanceof AwsError)) return first;
  const second = await readPages(aws, listing);
  if (second instanceof AwsError) throw second;
  return second;
}

/** @returns the error when the token of a page after the first was refused */
async function readPages<Page, Item>(
  aws: Pick<RegionClient, 'call' | 'onPage'>,
  { action, request, items, next }: Listing<Page, Item>,
): Promise<Item[] | AwsError> {
  const found: Item[] = [];
  let token: string | undefined;
  do {
    let page: Page;
    try {
      page = await aws.call(action, request(token));
    } catch (error) {
      if (token !== undefined && error instanceof AwsError && error.failure === 'rejected') return error;
      throw error;
    }
    const some = listed(action, items(page));
    for (const item of some) found.push(item);
    aws.onPage();
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
