import type { IamPrincipal } from '@fairway-mcp/aws-sample';
import { QUERY_ERRORS } from '../../common-errors.ts';
import type { Call, QueryOperation, QueryService } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import { outOfRange } from '../../wire/json-input.ts';
import type { QueryInput } from '../../wire/query-input.ts';
import { items, type XmlRecord } from '../../wire/xml.ts';

const DEFAULT_ITEMS = 100;
const MAX_ITEMS = 1000;

const getUser: QueryOperation = (input, call) => {
  const name = input.text('UserName') ?? call.caller.userName;
  if (name === undefined) throw new ServiceError('ValidationError', 'Must specify userName when calling with non-User credentials');
  return { User: user(findPrincipal('user', name, call)) };
};

const getRole: QueryOperation = (input, call) => ({ Role: role(findPrincipal('role', input.required('RoleName'), call), true) });

const listUserTags: QueryOperation = (input, call) => tagPage(findPrincipal('user', input.required('UserName'), call), input, call);

const listRoleTags: QueryOperation = (input, call) => tagPage(findPrincipal('role', input.required('RoleName'), call), input, call);

const getInstanceProfile: QueryOperation = (input, call) => {
  const name = input.required('InstanceProfileName');
  const arn = `arn:aws:iam::${call.account}:instance-profile/${name}`;
  const holder = call.state.organization.principals.find(({ instanceProfile }) => instanceProfile === arn);
  if (holder === undefined) throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
  return {
    InstanceProfile: {
      Path: '/',
      InstanceProfileName: name,
      InstanceProfileId: holder.id.replace(/^AROA/, 'AIPA'),
      Arn: arn,
      CreateDate: holder.createdAt,
      Roles: items('member', [role(holder, false)]),
      Tags: items('member', []),
    },
  };
};

const listAccountAliases: QueryOperation = (_input, { account, state }) => {
  const alias = state.account(account)?.alias;
  return { AccountAliases: items('member', alias === undefined ? [] : [alias]), IsTruncated: false };
};

function findPrincipal(kind: IamPrincipal['kind'], name: string, { account, state }: Call): IamPrincipal {
  const principal = state.principal(`arn:aws:iam::${account}:${kind}/${name}`);
  if (principal === undefined) throw noSuchEntity(`The ${kind} with name ${name} cannot be found.`);
  return principal;
}

function noSuchEntity(message: string): ServiceError {
  return new ServiceError('NoSuchEntity', message, { status: 404 });
}

function tagPage(principal: IamPrincipal, input: QueryInput, call: Call): XmlRecord {
  const limit = input.integer('MaxItems') ?? DEFAULT_ITEMS;
  const problem = outOfRange('maxItems', limit, 1, MAX_ITEMS);
  if (problem !== undefined) throw new ServiceError('ValidationError', problem);
  const listing = `iam/tags/${principal.arn}`;
  const { items: found, next } = call.pager.page(Object.entries(principal.tags), { listing, limit, token: input.text('Marker') });
  return {
    Tags: items(
      'member',
      found.map(([Key, Value]) => ({ Key, Value })),
    ),
    IsTruncated: next !== undefined,
    Marker: next,
  };
}

function user(principal: IamPrincipal): XmlRecord {
  const { name, id, arn, createdAt } = principal;
  return { Path: '/', UserName: name, UserId: id, Arn: arn, CreateDate: createdAt, Tags: tagsOf(principal) };
}

const TRUST = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: ['ec2.amazonaws.com', 'ecs-tasks.amazonaws.com', 'lambda.amazonaws.com'] },
      Action: 'sts:AssumeRole',
    },
  ],
};

/** IAM writes policy documents percent-encoded; roles inside of an instance profile come without their tags. */
function role(principal: IamPrincipal, whole: boolean): XmlRecord {
  const { name, id, arn, createdAt } = principal;
  return {
    Path: '/',
    RoleName: name,
    RoleId: id,
    Arn: arn,
    CreateDate: createdAt,
    AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(TRUST)),
    Description: whole ? '' : undefined,
    MaxSessionDuration: whole ? 3600 : undefined,
    Tags: whole ? tagsOf(principal) : undefined,
    RoleLastUsed: whole ? {} : undefined,
  };
}

/** Left out where there are none. */
function tagsOf({ tags }: IamPrincipal) {
  const entries = Object.entries(tags);
  return entries.length === 0
    ? undefined
    : items(
        'member',
        entries.map(([Key, Value]) => ({ Key, Value })),
      );
}

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/ */
export const iam: QueryService = {
  name: 'iam',
  protocol: 'query',
  version: '2010-05-08',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  errors: { ...QUERY_ERRORS, badToken: { code: 'ValidationError', status: 400, message: 'Invalid Marker.' } },
  operations: {
    GetUser: getUser,
    GetRole: getRole,
    ListUserTags: listUserTags,
    ListRoleTags: listRoleTags,
    GetInstanceProfile: getInstanceProfile,
    ListAccountAliases: listAccountAliases,
  },
};
