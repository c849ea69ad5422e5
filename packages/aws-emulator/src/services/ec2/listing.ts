import type { ResourceType, Tags } from '@fairway-mcp/aws-sample';
import type { ResourceOfType } from '../../resources.ts';
import type { Call } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { QueryInput } from '../../wire/query-input.ts';
import { type Items, items, type XmlRecord } from '../../wire/xml.ts';

type Of<T extends ResourceType> = ResourceOfType<T>;

/** How one kind of thing is listed. Every `Describe` operation of EC2 is one of these. */
export interface Listing<T extends ResourceType> {
  type: T;
  /** The request's list of ids: `InstanceId`. */
  idParameter: string;
  /** What ids begin with: `i-`. */
  idPrefix: string;
  /** The error codes for ids that are not of the form, and that do not exist. */
  malformed: string;
  missing: string;
  /** How the missing-error names it: `instance ID`. */
  noun: string;
  /** Whether ids and `MaxResults` exclude each other. */
  idsExcludePaging?: boolean;
  /** What each filter compares with; `tag:KEY` and `tag-key` are known to all. */
  filters: Readonly<Record<string, (resource: Of<T>) => readonly string[]>>;
}

const LEAST_RESULTS = 5;
const MAX_RESULTS = 1000;

/**
 * One page of what a `Describe` request asks for.
 * Source: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-pagination.html
 * @throws ServiceError as EC2 documents for ids, filters and paging.
 */
export function listPage<T extends ResourceType>(
  listing: Listing<T>,
  input: QueryInput,
  call: Call,
): { found: Of<T>[]; next: string | undefined } {
  const ids = input.list(listing.idParameter);
  const maxResults = checkedMaxResults(input, listing, ids);
  const matches = filterOf(input, { ...listing.filters, ...tagFilters(input) });
  call.state.read(
    call.state.of(call.account, call.region, listing.type).flatMap(({ id, arn }) => (ids.length === 0 || ids.includes(id) ? arn : [])),
  );
  // What is requested by id is never paged.
  if (ids.length > 0) return { found: chosen(listing, ids, call).filter(matches), next: undefined };
  const all = call.state.of(call.account, call.region, listing.type);
  const { items: found, next } = call.pager.page(all, {
    listing: `ec2/${listing.type}/${call.account}/${call.region}/${filterText(input)}`,
    limit: maxResults ?? all.length,
    token: input.text('NextToken'),
    matches,
  });
  return { found, next };
}

function checkedMaxResults(
  input: QueryInput,
  { idParameter, idsExcludePaging = false }: Pick<Listing<ResourceType>, 'idParameter' | 'idsExcludePaging'>,
  ids: readonly string[],
) {
  const value = input.integer('MaxResults');
  if (value === undefined) return undefined;
  if (idsExcludePaging && ids.length > 0) {
    throw new ServiceError('InvalidParameterCombination', `The parameter ${idParameter} cannot be used with the parameter maxResults`);
  }
  if (value < LEAST_RESULTS || value > MAX_RESULTS) {
    const expected = value < LEAST_RESULTS ? `greater than ${LEAST_RESULTS}` : `smaller than ${MAX_RESULTS}`;
    throw new ServiceError(
      'InvalidParameterValue',
      `Value ( ${value} ) for parameter maxResults is invalid. Expecting a value ${expected}.`,
    );
  }
  return value;
}

/** The resources with these ids. @throws ServiceError when an id is malformed or does not exist. */
export function chosen<T extends ResourceType>(listing: Listing<T>, ids: readonly string[], call: Call): Of<T>[] {
  const wanted = new Set(ids);
  for (const id of wanted) if (!id.startsWith(listing.idPrefix)) throw new ServiceError(listing.malformed, `Invalid id: "${id}"`);
  const found = call.state.of(call.account, call.region, listing.type).filter(({ id }) => wanted.has(id));
  for (const { id } of found) wanted.delete(id);
  if (wanted.size === 0) return found;
  const [first] = wanted;
  const message =
    wanted.size === 1 ? `The ${listing.noun} '${first}' does not exist` : `The ${listing.noun}s '${[...wanted].join(', ')}' do not exist`;
  throw new ServiceError(listing.missing, message);
}

type Filters<R> = Readonly<Record<string, (resource: R) => readonly string[]>>;

/** All filters must match; of a filter's values one. Values may hold `*` and `?`. */
export function filterOf<R>(input: QueryInput, known: Filters<R>): (resource: R) => boolean {
  const checks = requestedFilters(input).map(({ name, values }) => {
    const read = known[name];
    if (read === undefined) throw new ServiceError('InvalidParameterValue', `The filter '${name}' is invalid`);
    const patterns = values.map(wildcard);
    return (resource: R) => read(resource).some((value) => patterns.some((pattern) => pattern.test(value)));
  });
  return (resource) => checks.every((check) => check(resource));
}

function requestedFilters(input: QueryInput): { name: string; values: string[] }[] {
  return input.structures('Filter').map((filter) => ({ name: filter.required('Name'), values: filter.list('Value') }));
}

function filterText(input: QueryInput): string {
  return JSON.stringify(requestedFilters(input));
}

function tagFilters(input: QueryInput): Filters<{ tags: Tags | undefined }> {
  const named = requestedFilters(input)
    .filter(({ name }) => name.startsWith('tag:'))
    .map(({ name }) => [name, ({ tags }: { tags: Tags | undefined }) => tagValue(tags, name.slice('tag:'.length))] as const);
  return { 'tag-key': ({ tags }) => Object.keys(tags ?? {}), ...Object.fromEntries(named) };
}

function tagValue(tags: Tags | undefined, key: string): string[] {
  const value = tags?.[key];
  return value === undefined ? [] : [value];
}

/** `*` any characters, `?` one; a backslash takes the meaning away. */
function wildcard(text: string): RegExp {
  const source = text.replace(/\\([*?\\])|[\s\S]/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\${escaped}`;
    if (found === '*') return '.*';
    if (found === '?') return '.';
    return found.replace(/[.+^${}()|[\]\\/]/, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}

/** Tags as EC2 writes them; the element is left out where there are none. */
export function tagSet(tags: Tags | undefined): Items | undefined {
  const entries = Object.entries(tags ?? {});
  return entries.length === 0
    ? undefined
    : items(
        'item',
        entries.map(([key, value]): XmlRecord => ({ key, value })),
      );
}

/** The suffix that names follow: the whole region in us-east-1 has one of its own. */
export function privateDnsName(ip: string, region: string): string {
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return `ip-${ip.replaceAll('.', '-')}.${domain}`;
}

/** Digits that belong to an id: the same id gives the same digits for attachments, reservations and the like. */
export function derivedId(prefix: string, id: string): string {
  return `${prefix}-0${id.slice(id.indexOf('-') + 2)}`;
}
