import { JSON_ERRORS } from '../../common-errors.ts';
import type { Page } from '../../paging.ts';
import type { Resource } from '../../resources.ts';
import type { Call, JsonOperation, JsonService } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { JsonInput } from '../../wire/json-input.ts';
import { compliance } from './compliance.ts';
import { tagResources, untagResources } from './writes.ts';

const RESOURCES_PER_PAGE = 50;
const KEYS_PER_PAGE = 100;
const MAX_ARNS = 100;
const MAX_ARN_LENGTH = 1011;
const MAX_FILTERS = 50;
const MAX_VALUES = 20;
const TOKEN_LIFETIME_MS = 15 * 60_000;

const getResources: JsonOperation = (input, call) => {
  const arns = input.texts('ResourceARNList');
  checkLimits(input, arns);
  const withCompliance = input.flag('IncludeComplianceDetails') ?? false;
  const onlyOffenders = input.flag('ExcludeCompliantResources') ?? false;
  if (onlyOffenders && !withCompliance) throw invalid('ExcludeCompliantResources can only be used when IncludeComplianceDetails is true');
  const isOffender = (resource: Resource) => !compliance(resource, call.settings.tagPolicy).ComplianceStatus;
  const { items, next } = arns.length > 0 ? lookUp(arns, call) : page(input, call);
  const wanted = onlyOffenders ? items.filter(isOffender) : items;
  return { PaginationToken: next ?? '', ResourceTagMappingList: wanted.map((resource) => mapping(resource, withCompliance, call)) };
};

/** What is asked for by ARN comes at once. */
function lookUp(arns: readonly string[], call: Call): Page<Resource> {
  return { items: arns.flatMap((arn) => visible(call.state.byArn(arn), call)), next: undefined };
}

function page(input: JsonInput, call: Call): Page<Resource> {
  const tagsPerPage = input.integer('TagsPerPage');
  return call.pager.page(tagged(call), {
    listing: `tagging/resources/${call.account}/${call.region}/${input.fingerprint(['PaginationToken'])}`,
    limit: input.integer('ResourcesPerPage') ?? RESOURCES_PER_PAGE,
    token: input.text('PaginationToken'),
    matches: requested(input),
    budget: tagsPerPage === undefined ? undefined : { most: tagsPerPage, weigh: tagCount },
    lifetimeMs: TOKEN_LIFETIME_MS,
  });
}

const getTagKeys: JsonOperation = (input, call) => {
  const keys = new Set(tagged(call).flatMap(({ tags }) => Object.keys(tags ?? {})));
  const { items, next } = call.pager.page([...keys].toSorted(), {
    listing: `tagging/keys/${call.account}/${call.region}`,
    limit: KEYS_PER_PAGE,
    token: input.text('PaginationToken'),
    lifetimeMs: TOKEN_LIFETIME_MS,
  });
  return { PaginationToken: next ?? '', TagKeys: items };
};

const getTagValues: JsonOperation = (input, call) => {
  const key = input.text('Key');
  if (key === undefined || key === '') throw invalid('Key is required');
  const values = new Set(tagged(call).flatMap(({ tags }) => tags?.[key] ?? []));
  const { items, next } = call.pager.page([...values].toSorted(), {
    listing: `tagging/values/${call.account}/${call.region}/${key}`,
    limit: KEYS_PER_PAGE,
    token: input.text('PaginationToken'),
    lifetimeMs: TOKEN_LIFETIME_MS,
  });
  return { PaginationToken: next ?? '', TagValues: items };
};

/** What has, or once had, a tag. What has no region is in us-east-1. */
function tagged({ state, account, region }: Call): Resource[] {
  const here = state.at(account, region);
  const global = region === 'us-east-1' ? state.at(account, 'global') : [];
  return [...here, ...global].filter(({ tags }) => tags !== undefined);
}

function visible(resource: Resource | undefined, { account, region }: Call): Resource[] {
  if (resource === undefined || resource.tags === undefined || resource.account !== account) return [];
  const home = resource.region === 'global' ? 'us-east-1' : resource.region;
  return home === region ? [resource] : [];
}

function checkLimits(input: JsonInput, arns: readonly string[]): void {
  const others = ['ResourceTypeFilters', 'TagFilters', 'ResourcesPerPage', 'TagsPerPage', 'PaginationToken'];
  const clash = arns.length > 0 ? others.find((name) => input.has(name)) : undefined;
  if (clash !== undefined) throw invalid(`You can't specify both ResourceARNList and ${clash} in the same request`);
  if (arns.length > MAX_ARNS) throw invalid(`ResourceARNList can have at most ${MAX_ARNS} items`);
  const wrong = arns.find((arn) => arn.length > MAX_ARN_LENGTH || !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:./s.test(arn));
  if (wrong !== undefined) throw invalid('ResourceARNList contains something that is not the ARN of a resource');
  if (input.texts('ResourceTypeFilters').length > 100) throw invalid('ResourceTypeFilters can have at most 100 items');
  checkRange('ResourcesPerPage', input.integer('ResourcesPerPage'), 1, 100);
  checkRange('TagsPerPage', input.integer('TagsPerPage'), 100, 500);
  const filters = input.records('TagFilters');
  if (filters.length > MAX_FILTERS || filters.some((filter) => filter.texts('Values').length > MAX_VALUES)) {
    throw invalid(`TagFilters can have at most ${MAX_FILTERS} keys with at most ${MAX_VALUES} values each`);
  }
}

function checkRange(name: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && (value < least || value > most)) throw invalid(`${name} must be between ${least} and ${most}`);
}

/** All tag filters must match, and one of the types. */
function requested(input: JsonInput): (resource: Resource) => boolean {
  const types = new Set(input.texts('ResourceTypeFilters'));
  const filters = input.records('TagFilters').map((filter) => ({ key: filter.text('Key') ?? '', values: filter.texts('Values') }));
  return (resource) =>
    (types.size === 0 || typeNames(resource).some((name) => types.has(name))) && filters.every((filter) => hasTag(resource, filter));
}

function hasTag({ tags }: Resource, { key, values }: { key: string; values: readonly string[] }): boolean {
  const value = tags?.[key];
  return value !== undefined && (values.length === 0 || values.includes(value));
}

/** The ways in which a filter may name a resource's type: the service alone, the type, and for load balancers their kind. */
function typeNames({ type, arn }: Resource): string[] {
  const service = type.slice(0, type.indexOf(':'));
  const kind = /:loadbalancer\/(app|net)\//.exec(arn)?.[1];
  return kind === undefined ? [service, type] : [service, type, `${type}/${kind}`];
}

/** A resource without tags counts as one. */
function tagCount({ tags }: Resource): number {
  return Math.max(1, Object.keys(tags ?? {}).length);
}

function mapping(resource: Resource, withCompliance: boolean, { settings }: Call): object {
  return {
    ResourceARN: resource.arn,
    Tags: Object.entries(resource.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    ComplianceDetails: withCompliance ? compliance(resource, settings.tagPolicy) : undefined,
  };
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}

/** Source: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/ */
export const tagging: JsonService = {
  name: 'tagging',
  actionPrefix: 'tag',
  protocol: 'json-1.1',
  target: 'ResourceGroupsTaggingAPI_20170126',
  errors: {
    ...JSON_ERRORS,
    throttled: { code: 'ThrottledException', status: 400, message: 'Rate exceeded' },
    internal: {
      code: 'InternalServiceException',
      status: 500,
      message: 'The request processing failed because of an unknown error, exception, or failure.',
    },
    badToken: { code: 'InvalidParameterException', status: 400, message: 'The PaginationToken is invalid' },
    expiredPageToken: {
      code: 'PaginationTokenExpiredException',
      status: 400,
      message: 'The PaginationToken has expired. A PaginationToken is valid for a maximum of 15 minutes.',
    },
  },
  operations: {
    GetResources: getResources,
    GetTagKeys: getTagKeys,
    GetTagValues: getTagValues,
    TagResources: tagResources,
    UntagResources: untagResources,
  },
};
