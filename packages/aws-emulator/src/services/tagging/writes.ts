import type { Tags } from '@fairway-mcp/aws-sample';
import type { Fault } from '../../faults.ts';
import type { Resource } from '../../resources.ts';
import type { Call, JsonOperation } from '../../service.ts';
import { addTags, describeTagProblem, isSystemTag, MAX_USER_TAGS, removeTags } from '../../tags.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { JsonInput } from '../../wire/json-input.ts';

const MAX_ARNS = 20;

/** Why one resource was not tagged, as the answer lists it. */
interface Failure {
  StatusCode: number;
  ErrorCode: string;
  ErrorMessage: string;
}

/** Tags each resource by itself: some may fail while others succeed. */
export const tagResources: JsonOperation = (input, call) => {
  const arns = readArns(input);
  const tags = input.textMap('Tags');
  const count = Object.keys(tags).length;
  if (count < 1 || count > MAX_USER_TAGS) throw invalid(`Tags must hold between 1 and ${MAX_USER_TAGS} tags`);
  const problem = describeTagProblem(tags);
  if (problem !== undefined) throw invalid(problem);
  return forEach(arns, call, 'tag', (resource) => addTags(resource.tags, tags));
};

export const untagResources: JsonOperation = (input, call) => {
  const arns = readArns(input);
  const keys = input.texts('TagKeys');
  if (keys.length < 1 || keys.length > MAX_USER_TAGS) throw invalid(`TagKeys must hold between 1 and ${MAX_USER_TAGS} keys`);
  if (keys.some(isSystemTag)) throw invalid('Tag keys that begin with aws: are reserved for AWS.');
  return forEach(arns, call, 'untag', (resource) => removeTags(resource.tags, keys));
};

function readArns(input: JsonInput): string[] {
  const arns = input.texts('ResourceARNList');
  if (arns.length < 1 || arns.length > MAX_ARNS) throw invalid(`ResourceARNList must hold between 1 and ${MAX_ARNS} ARNs`);
  const malformed = arns.find((arn) => !/^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:.+/.test(arn));
  if (malformed !== undefined) throw invalid(`Not a valid ARN: ${malformed}`);
  return [...new Set(arns)];
}

function forEach(arns: readonly string[], call: Call, verb: Verb, change: (resource: Resource) => Tags | undefined): object {
  const failures: Record<string, Failure> = {};
  for (const arn of arns) {
    const failure = changeOne(arn, call, verb, change);
    if (failure !== undefined) failures[arn] = failure;
  }
  return { FailedResourcesMap: failures };
}

function changeOne(arn: string, call: Call, verb: Verb, change: (resource: Resource) => Tags | undefined): Failure | undefined {
  const resource = call.state.byArn(arn);
  const home = resource?.region === 'global' ? 'us-east-1' : resource?.region;
  if (resource === undefined || resource.account !== call.account || home !== call.region) {
    return {
      StatusCode: 400,
      ErrorCode: 'InvalidParameterException',
      ErrorMessage: `The resource ${arn} does not exist in this account and region.`,
    };
  }
  const fault = faultOf(resource, call, verb);
  if (fault !== undefined) return fault;
  const tags = change(resource);
  if (tags === undefined) {
    return {
      StatusCode: 400,
      ErrorCode: 'InvalidParameterException',
      ErrorMessage: `The resource may have at most ${MAX_USER_TAGS} tags.`,
    };
  }
  call.state.setTags(arn, tags);
  return undefined;
}

type Verb = 'tag' | 'untag';

/** The operations of the services themselves, where they have other names than `TagResource` and `UntagResource`. */
const OPERATIONS: Readonly<Record<string, Readonly<Record<Verb, string>>>> = {
  ec2: { tag: 'CreateTags', untag: 'DeleteTags' },
  rds: { tag: 'AddTagsToResource', untag: 'RemoveTagsFromResource' },
  s3: { tag: 'PutBucketTagging', untag: 'PutBucketTagging' },
  sqs: { tag: 'TagQueue', untag: 'UntagQueue' },
  elasticloadbalancing: { tag: 'AddTags', untag: 'RemoveTags' },
};

/** This API calls each resource's own service, whose errors become failures of that resource. */
function faultOf({ type }: Resource, { faults, region, account, caller }: Call, verb: Verb): Failure | undefined {
  const service = type.slice(0, type.indexOf(':'));
  const operation = OPERATIONS[service]?.[verb] ?? (verb === 'tag' ? 'TagResource' : 'UntagResource');
  const fault = faults.hit({ service, operation, region, account });
  return fault === undefined ? undefined : toFailure(fault, `${service}:${operation}`, caller.arn);
}

function toFailure({ kind, message = '' }: Fault, action: string, caller: string): Failure | undefined {
  switch (kind) {
    case 'access_denied':
      return {
        StatusCode: 400,
        ErrorCode: 'AccessDeniedException',
        ErrorMessage: `User: ${caller} is not authorized to perform: ${action} ${message}`.trim(),
      };
    case 'throttled':
    case 'internal_error':
    case 'unavailable':
      return { StatusCode: 500, ErrorCode: 'InternalServiceException', ErrorMessage: `${action} failed. ${message}`.trim() };
    default:
      return undefined;
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}
