import { isEnabled, type Region } from '../../regions.ts';
import type { Resource } from '../../resources.ts';
import type { QueryOperation } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import { items, type XmlRecord } from '../../wire/xml.ts';
import { filterOf } from './listing.ts';

interface TagRow {
  resource: Resource;
  key: string;
  value: string;
}

const DEFAULT_TAGS = 1000;

/** Every tag of every EC2 resource of the region, one row a tag. */
export const describeTags: QueryOperation = (input, call) => {
  const limit = input.integer('MaxResults') ?? DEFAULT_TAGS;
  if (limit < 5 || limit > 1000) {
    throw new ServiceError('InvalidMaxResults', 'The specified value for MaxResults is not valid. Specify a value between 5 and 1000.');
  }
  const matches = filterOf<TagRow>(input, {
    key: ({ key }) => [key],
    'resource-id': ({ resource }) => [resource.id],
    'resource-type': ({ resource }) => [typeOf(resource)],
    value: ({ value }) => [value],
  });
  const rows = call.state
    .at(call.account, call.region)
    .filter(({ type }) => type.startsWith('ec2:'))
    .flatMap((resource) => Object.entries(resource.tags ?? {}).map(([key, value]): TagRow => ({ resource, key, value })));
  const listing = `ec2/tags/${call.account}/${call.region}/${JSON.stringify(input.structures('Filter').map((filter) => [filter.text('Name'), filter.list('Value')]))}`;
  const { items: found, next } = call.pager.page(rows, { listing, limit, token: input.text('NextToken'), matches });
  return { tagSet: items('item', found.map(tagRow)), nextToken: next };
};

/** As `DescribeTags` spells types: `natgateway` is one word there as well. */
function typeOf({ type }: Resource): string {
  return type.slice('ec2:'.length);
}

function tagRow({ resource, key, value }: TagRow): XmlRecord {
  return { resourceId: resource.id, resourceType: typeOf(resource), key, value };
}

/** Enabled regions, or all that AWS has. */
export const describeRegions: QueryOperation = (input, call) => {
  const names = input.list('RegionName');
  const unknown = names.find((name) => !call.regions.some((region) => region.name === name));
  if (unknown !== undefined) throw new ServiceError('InvalidParameterValue', `Invalid region provided: [${unknown}]`);
  const matches = filterOf<Region>(input, {
    'opt-in-status': ({ optInStatus }) => [optInStatus],
    'region-name': ({ name }) => [name],
    endpoint: ({ name }) => [`ec2.${name}.amazonaws.com`],
  });
  const listed = call.regions.filter((region) =>
    names.length > 0 ? names.includes(region.name) : input.flag('AllRegions') || isEnabled(region),
  );
  return {
    regionInfo: items(
      'item',
      listed
        .filter(matches)
        .map(({ name, optInStatus }) => ({ regionName: name, regionEndpoint: `ec2.${name}.amazonaws.com`, optInStatus })),
    ),
  };
};
