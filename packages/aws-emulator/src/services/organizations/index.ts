import { JSON_ERRORS } from '../../common-errors.ts';
import type { Call, JsonOperation, JsonService } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import { outOfRange } from '../../wire/json-input.ts';

const MAX_ACCOUNTS = 20;

const describeOrganization: JsonOperation = (_input, { state }) => {
  const { id, email } = state.management;
  const organization = state.organization.organizationId;
  return {
    Organization: {
      Id: organization,
      Arn: `arn:aws:organizations::${id}:organization/${organization}`,
      FeatureSet: 'ALL',
      MasterAccountArn: `arn:aws:organizations::${id}:account/${organization}/${id}`,
      MasterAccountId: id,
      MasterAccountEmail: email,
      AvailablePolicyTypes: [{ Type: 'TAG_POLICY', Status: 'ENABLED' }],
    },
  };
};

const listAccounts: JsonOperation = (input, call) => {
  onlyManagement(call);
  const limit = input.integer('MaxResults') ?? MAX_ACCOUNTS;
  const problem = outOfRange('maxResults', limit, 1, MAX_ACCOUNTS);
  if (problem !== undefined) throw new ServiceError('InvalidInputException', problem);
  const { state, pager } = call;
  const { items, next } = pager.page(state.organization.accounts, {
    listing: 'organizations/accounts',
    limit,
    token: input.text('NextToken'),
  });
  const organization = state.organization.organizationId;
  const accounts = items.map(({ id, name, email, joinedAt }) => ({
    Id: id,
    Arn: `arn:aws:organizations::${state.management.id}:account/${organization}/${id}`,
    Email: email,
    Name: name,
    Status: 'ACTIVE',
    State: 'ACTIVE',
    JoinedMethod: id === state.management.id ? 'INVITED' : 'CREATED',
    JoinedTimestamp: Date.parse(joinedAt) / 1000,
  }));
  return { Accounts: accounts, NextToken: next };
};

/** Every account may ask for its own; the management account for all. */
const describeEffectivePolicy: JsonOperation = (input, call) => {
  const target = input.text('TargetId') ?? call.account;
  if (target !== call.account) onlyManagement(call);
  if (call.state.account(target) === undefined)
    throw new ServiceError('TargetNotFoundException', "You specified a target that doesn't exist.");
  const { tagPolicy } = call.settings;
  if (input.text('PolicyType') !== 'TAG_POLICY' || tagPolicy === undefined) {
    throw new ServiceError(
      'EffectivePolicyNotFoundException',
      `There is no effective policy of type ${input.text('PolicyType')} for ${target}.`,
    );
  }
  return {
    EffectivePolicy: {
      LastUpdatedTimestamp: Math.floor(call.now / 1000) - 86_400,
      PolicyContent: JSON.stringify(tagPolicy),
      TargetId: target,
      PolicyType: 'TAG_POLICY',
    },
  };
};

function onlyManagement({ account, state }: Call): void {
  if (account === state.management.id) return;
  throw new ServiceError('AccessDeniedException', "You don't have permissions to access this resource.");
}

/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/ */
export const organizations: JsonService = {
  name: 'organizations',
  protocol: 'json-1.1',
  target: 'AWSOrganizationsV20161128',
  errors: {
    ...JSON_ERRORS,
    throttled: {
      code: 'TooManyRequestsException',
      status: 400,
      message: 'You have sent too many requests in too short a period of time.',
      members: { Type: 'Organizations' },
    },
    internal: {
      code: 'ServiceException',
      status: 500,
      message: "AWS Organizations can't complete your request because of an internal service error. Try again later.",
    },
    badToken: {
      code: 'InvalidInputException',
      status: 400,
      message: 'You provided an invalid next token.',
      members: { Reason: 'INVALID_NEXT_TOKEN' },
    },
  },
  operations: { DescribeOrganization: describeOrganization, ListAccounts: listAccounts, DescribeEffectivePolicy: describeEffectivePolicy },
};
