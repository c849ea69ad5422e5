import type { ResourceOf } from '@fairway-mcp/aws-sample';
import { REST_JSON_ERRORS } from '../../common-errors.ts';
import type { Call, RestAnswer, RestInput, RestService } from '../../service.ts';
import { addTags, describeTagProblem, MAX_USER_TAGS, removeTags } from '../../tags.ts';
import { ServiceError } from '../../wire/errors.ts';
import { JsonInput, outOfRange } from '../../wire/json-input.ts';

type Function = ResourceOf<'lambda:function'>;

/** However many a request allows, a page holds no more. */
const FUNCTIONS_PER_PAGE = 50;
const MAX_ITEMS = 10_000;

function listFunctions({ query }: RestInput, call: Call): RestAnswer {
  const wanted = query.get('MaxItems') === null ? FUNCTIONS_PER_PAGE : Number(query.get('MaxItems'));
  const problem = outOfRange('maxItems', wanted, 1, MAX_ITEMS);
  if (problem !== undefined) throw new ServiceError('ValidationException', problem);
  const version = query.get('FunctionVersion') === 'ALL' ? ':$LATEST' : '';
  const { items, next } = call.pager.page(call.state.of(call.account, call.region, 'lambda:function'), {
    listing: `lambda/functions/${call.account}/${call.region}`,
    limit: Math.min(wanted, FUNCTIONS_PER_PAGE),
    token: query.get('Marker') ?? undefined,
  });
  const Functions = items.map((resource) => ({ ...configuration(resource), FunctionArn: resource.arn + version }));
  return { body: JSON.stringify({ Functions, NextMarker: next ?? null }) };
}

function listTags(input: RestInput, call: Call): RestAnswer {
  return { body: JSON.stringify({ Tags: findTagged(input, call).tags ?? {} }) };
}

function tagResource(input: RestInput, call: Call): RestAnswer {
  const found = findTagged(input, call);
  const tags = JsonInput.parse(input.body).textMap('Tags');
  const problem = Object.keys(tags).length === 0 ? 'Tags must not be empty.' : describeTagProblem(tags);
  if (problem !== undefined) throw invalid(problem);
  const changed = addTags(found.tags, tags);
  if (changed === undefined) throw invalid(`A function may have at most ${MAX_USER_TAGS} tags.`);
  call.state.setTags(found.arn, changed);
  return { status: 204, body: '' };
}

function untagResource(input: RestInput, call: Call): RestAnswer {
  const found = findTagged(input, call);
  const keys = input.query.getAll('tagKeys');
  if (keys.length === 0) throw invalid('tagKeys must not be empty.');
  call.state.setTags(found.arn, removeTags(found.tags, keys));
  return { status: 204, body: '' };
}

/** The function whose tags are meant: by ARN, without a version. */
function findTagged({ path: [arn = ''] }: RestInput, call: Call): Function {
  if (!arn.startsWith('arn:')) throw invalid(`${arn} is not a valid ARN`);
  return findFunction(arn, call);
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message, { members: { Type: 'User' } });
}

function getFunction({ path: [name = ''] }: RestInput, call: Call): RestAnswer {
  const found = findFunction(name, call);
  const Code = {
    RepositoryType: 'S3',
    Location: `https://awslambda-${call.region}-tasks.s3.${call.region}.amazonaws.com/snapshots/${found.name}`,
  };
  return { body: JSON.stringify({ Configuration: configuration(found), Code, ...(hasTags(found) ? { Tags: found.tags } : {}) }) };
}

function getFunctionConfiguration({ path: [name = ''] }: RestInput, call: Call): RestAnswer {
  return { body: JSON.stringify(configuration(findFunction(name, call))) };
}

function hasTags({ tags }: Function): boolean {
  return tags !== undefined && Object.keys(tags).length > 0;
}

/** By name, by `123456789012:function:name`, or by ARN; a version behind it does not matter here. */
function findFunction(text: string, { state, account, region }: Call): Function {
  const [, owner = account, name = text] = /^(?:(?:arn:aws:lambda:[^:]+:)?(\d{12}):)?(?:function:)?([\w-]+)(?::.*)?$/.exec(text) ?? [];
  const arn = `arn:aws:lambda:${region}:${owner}:function:${name}`;
  const found = state.byArn(arn);
  if (found?.type !== 'lambda:function' || found.account !== account) {
    throw new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`, { status: 404, members: { Type: 'User' } });
  }
  return found;
}

function configuration({ arn, name, createdAt, attributes }: Function): object {
  const { runtime, role, handler, codeBytes, timeoutSeconds, memoryMiB, vpc, subnets } = attributes;
  return {
    FunctionName: name,
    FunctionArn: arn,
    Runtime: runtime,
    Role: role,
    Handler: handler,
    CodeSize: codeBytes,
    Description: '',
    Timeout: timeoutSeconds,
    MemorySize: memoryMiB,
    LastModified: createdAt.replace('Z', '+0000'),
    CodeSha256: Buffer.from(name.padEnd(32, '.').slice(0, 32)).toString('base64'),
    Version: '$LATEST',
    VpcConfig: vpc === undefined ? undefined : { SubnetIds: subnets, SecurityGroupIds: [], VpcId: vpc, Ipv6AllowedForDualStack: false },
    TracingConfig: { Mode: 'PassThrough' },
    PackageType: 'Zip',
    Architectures: ['x86_64'],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
  };
}

const TAGS = /^\/2017-03-31\/tags\/([^/]+)$/;

/** Source: https://docs.aws.amazon.com/lambda/latest/api/ */
export const lambda: RestService = {
  name: 'lambda',
  protocol: 'rest-json',
  errors: {
    ...REST_JSON_ERRORS,
    throttled: {
      code: 'TooManyRequestsException',
      status: 429,
      message: 'Rate exceeded',
      members: { Reason: 'CallerRateLimitExceeded', Type: 'User' },
    },
    internal: {
      code: 'ServiceException',
      status: 500,
      message: 'An error occurred and the request cannot be processed.',
      members: { Type: 'Service' },
    },
    badToken: { code: 'InvalidParameterValueException', status: 400, message: 'The Marker is not valid.', members: { Type: 'User' } },
  },
  operations: {
    ListFunctions: { method: 'GET', path: /^\/2015-03-31\/functions\/?$/, run: listFunctions },
    GetFunction: { method: 'GET', path: /^\/2015-03-31\/functions\/([^/]+)$/, run: getFunction },
    GetFunctionConfiguration: {
      method: 'GET',
      path: /^\/2015-03-31\/functions\/([^/]+)\/configuration$/,
      run: getFunctionConfiguration,
    },
    ListTags: { method: 'GET', path: TAGS, run: listTags },
    TagResource: { method: 'POST', path: TAGS, run: tagResource },
    UntagResource: { method: 'DELETE', path: TAGS, run: untagResource },
  },
};
