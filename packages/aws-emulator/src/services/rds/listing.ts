import type { Tags } from '@fairway-mcp/aws-sample';
import type { Resource } from '../../resources.ts';
import type { Call } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { QueryInput } from '../../wire/query-input.ts';
import { type Items, items } from '../../wire/xml.ts';

const MAX_RECORDS = 100;
const LEAST_RECORDS = 20;

/** Identifiers and ARNs name the same thing. */
export function chosen<R extends Resource>(all: readonly R[], name: string | undefined, missing: (name: string) => never): readonly R[] {
  if (name === undefined || name === '') return all;
  const found = all.filter(({ id, arn }) => id === name.toLowerCase() || arn === name);
  return found.length > 0 ? found : missing(name);
}

/** One page of what a `Describe` request matches. */
export function page<R extends Resource>(
  input: QueryInput,
  call: Call,
  all: readonly R[],
  known: Readonly<Record<string, (resource: R) => readonly string[]>>,
): { found: R[]; next: string | undefined } {
  const limit = input.integer('MaxRecords') ?? MAX_RECORDS;
  if (limit < LEAST_RECORDS || limit > MAX_RECORDS) {
    throw new ServiceError(
      'InvalidParameterValue',
      `Invalid value ${limit} for MaxRecords. Must be between ${LEAST_RECORDS} and ${MAX_RECORDS}`,
    );
  }
  const filters = input
    .structures('Filters.Filter')
    .map((filter) => ({ name: filter.required('Name'), values: filter.list('Values.Value') }));
  const checks = filters.map(({ name, values }) => {
    const read = known[name];
    if (read === undefined) throw new ServiceError('InvalidParameterValue', `Unrecognized filter name: ${name}`);
    return (resource: R) => read(resource).some((value) => values.includes(value));
  });
  const { items: found, next } = call.pager.page(all, {
    listing: `rds/${input.text('Action')}/${call.account}/${call.region}/${JSON.stringify(filters)}`,
    limit,
    token: input.text('Marker'),
    matches: (resource) => checks.every((check) => check(resource)),
  });
  return { found, next };
}

export function tagList(tags: Tags | undefined): Items {
  return items(
    'Tag',
    Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
  );
}
