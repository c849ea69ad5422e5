import type { Tags } from '@fairway-mcp/aws-sample';
import type { Resource } from '../../resources.ts';
import type { Call, QueryOperation } from '../../service.ts';
import { addTags, describeTagProblem, MAX_USER_TAGS, removeTags } from '../../tags.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { QueryInput } from '../../wire/query-input.ts';
import { tagList } from './listing.ts';

export const listTags: QueryOperation = (input, call) => ({ TagList: tagList(findTagged(input, call).tags) });

export const addTagsToResource: QueryOperation = (input, call) => {
  const resource = findTagged(input, call);
  const changed = addTags(resource.tags, readTags(input));
  if (changed === undefined) throw new ServiceError('InvalidParameterValue', `A resource may have at most ${MAX_USER_TAGS} tags.`);
  call.state.setTags(resource.arn, changed);
  return {};
};

export const removeTagsFromResource: QueryOperation = (input, call) => {
  const resource = findTagged(input, call);
  call.state.setTags(resource.arn, removeTags(resource.tags, input.list('TagKeys.member')));
  return {};
};

/** The tags that a request wants to set. @throws ServiceError InvalidParameterValue when one of them may not be set. */
export function readTags(input: QueryInput): Tags {
  const tags = Object.fromEntries(input.structures('Tags.Tag').map((tag) => [tag.text('Key') ?? '', tag.text('Value') ?? '']));
  const problem = describeTagProblem(tags);
  if (problem !== undefined) throw new ServiceError('InvalidParameterValue', problem);
  return tags;
}

/** Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ListTagsForResource.html */
const MISSING: Readonly<Record<string, readonly [code: string, noun: string]>> = {
  db: ['DBInstanceNotFound', 'DBInstance'],
  cluster: ['DBClusterNotFoundFault', 'DBCluster'],
  snapshot: ['DBSnapshotNotFound', 'DBSnapshot'],
};

function findTagged(input: QueryInput, { state, account, region }: Call): Resource {
  const arn = input.required('ResourceName');
  const resource = state.byArn(arn);
  if (resource?.account === account && resource.region === region && resource.type.startsWith('rds:')) return resource;
  const [, kind = '', name] = /^arn:aws:rds:[^:]*:\d*:(\w+):(.+)$/.exec(arn) ?? [];
  const [code, noun] = MISSING[kind] ?? [];
  if (code !== undefined) throw new ServiceError(code, `${noun} not found: ${name}`, { status: 404 });
  throw new ServiceError('InvalidParameterValue', 'The specified resource name does not match an RDS resource in this region.');
}
