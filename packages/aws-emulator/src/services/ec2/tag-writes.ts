import type { Tags } from '@fairway-mcp/aws-sample';
import type { Resource } from '../../resources.ts';
import type { Call, QueryOperation } from '../../service.ts';
import { addTags, findTagProblem, isSystemTag, MAX_USER_TAGS, removeTags, type TagProblem } from '../../tags.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { QueryInput } from '../../wire/query-input.ts';
import { checkDryRun } from './dry-run.ts';

const MAX_RESOURCES = 1000;

/** All resources get all tags, or none gets any. */
export const createTags: QueryOperation = (input, call) => {
  const resources = findResources(input, call);
  const tags = readTags(input);
  if (Object.keys(tags).length === 0) throw new ServiceError('MissingParameter', 'The request must contain the parameter tag');
  const changes = resources.map((resource) => {
    const changed = addTags(resource.tags, tags);
    if (changed === undefined)
      throw new ServiceError('TagLimitExceeded', `Resource ${resource.id} may have at most ${MAX_USER_TAGS} tags.`);
    return { arn: resource.arn, changed };
  });
  checkDryRun(input);
  for (const { arn, changed } of changes) call.state.setTags(arn, changed);
  return { return: true };
};

/** A tag that is given with a value is deleted only if it has this value; without any tags, all user tags are deleted. */
export const deleteTags: QueryOperation = (input, call) => {
  const resources = findResources(input, call);
  const wanted = input.structures('Tag').map((tag) => ({ key: tag.text('Key') ?? '', value: tag.text('Value') }));
  const reserved = wanted.find(({ key }) => isSystemTag(key));
  if (reserved !== undefined) throw tagError('reserved', reserved.key);
  checkDryRun(input);
  for (const { arn, tags = {} } of resources) {
    const isWanted = (key: string) => wanted.some((tag) => tag.key === key && (tag.value === undefined || tag.value === tags[key]));
    const keys = Object.keys(tags).filter((key) => wanted.length === 0 || isWanted(key));
    if (keys.length > 0) call.state.setTags(arn, removeTags(tags, keys));
  }
  return { return: true };
};

function readTags(input: QueryInput): Tags {
  const tags: Record<string, string> = {};
  for (const tag of input.structures('Tag')) {
    const [key, value] = [tag.text('Key') ?? '', tag.text('Value') ?? ''];
    const problem = findTagProblem([key, value]);
    // Unlike other services, EC2 takes any character.
    if (problem !== undefined && problem !== 'characters') throw tagError(problem, key);
    if (Object.hasOwn(tags, key)) throw new ServiceError('InvalidParameterValue', `Duplicate tag key '${key}' specified.`);
    tags[key] = value;
  }
  return tags;
}

function tagError(problem: TagProblem, key: string): ServiceError {
  const messages = {
    empty_key: 'Tag key cannot be empty.',
    long_key: 'Tag key exceeds the maximum length of 128 characters.',
    long_value: 'Tag value exceeds the maximum length of 256 characters.',
    characters: `Tag key '${key}' is not valid.`,
    reserved: "Tag keys starting with 'aws:' are reserved for internal use",
  };
  return new ServiceError('InvalidParameterValue', messages[problem]);
}

function findResources(input: QueryInput, { state, account, region }: Call): Resource[] {
  const ids = input.list('ResourceId');
  if (ids.length === 0) throw new ServiceError('MissingParameter', 'The request must contain the parameter resourceIdSet');
  if (ids.length > MAX_RESOURCES)
    throw new ServiceError('InvalidParameterValue', `At most ${MAX_RESOURCES} resources can be tagged at once.`);
  const byId = new Map(state.at(account, region).map((resource) => [resource.id, resource]));
  return ids.map((id) => {
    const resource = byId.get(id);
    if (resource?.type.startsWith('ec2:')) return resource;
    throw missing(id);
  });
}

/** Source: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-error-codes.html */
const MISSING: Readonly<Record<string, readonly [code: string, noun: string]>> = {
  i: ['InvalidInstanceID.NotFound', 'instance ID'],
  vol: ['InvalidVolume.NotFound', 'volume'],
  snap: ['InvalidSnapshot.NotFound', 'snapshot'],
  vpc: ['InvalidVpcID.NotFound', 'vpc ID'],
  subnet: ['InvalidSubnetID.NotFound', 'subnet ID'],
  sg: ['InvalidGroup.NotFound', 'security group'],
  eni: ['InvalidNetworkInterfaceID.NotFound', 'networkInterface ID'],
  nat: ['NatGatewayNotFound', 'Nat Gateway'],
};

function missing(id: string): ServiceError {
  const [code, noun] = MISSING[id.slice(0, id.indexOf('-'))] ?? [];
  if (code === undefined) return new ServiceError('InvalidID', `The ID '${id}' is not valid`);
  return new ServiceError(code, `The ${noun} '${id}' does not exist`);
}
