import type { JsonOperation } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';

const MAX_RESULTS = 1000;
const USUAL_RESULTS = 100;
/** Activated when the organization began to use them. */
const ACTIVATED = '2022-01-01T00:00:00Z';

/**
 * The tag keys in use, and which of them are activated for cost allocation. Only the management account may ask.
 * Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_ListCostAllocationTags.html
 */
export const listCostAllocationTags: JsonOperation = (input, call) => {
  const { organization, management } = call.state;
  if (call.account !== management.id)
    throw new ServiceError('AccessDeniedException', "Linked account doesn't have access to cost allocation tags.");
  const limit = input.integer('MaxResults') ?? USUAL_RESULTS;
  if (limit < 1 || limit > MAX_RESULTS) throw new ServiceError('ValidationException', `MaxResults must be between 1 and ${MAX_RESULTS}`);
  const wanted = { keys: input.texts('TagKeys'), status: input.text('Status'), type: input.text('Type') };
  const used = organization.resources.flatMap(({ tags }) => Object.keys(tags ?? {}));
  const tags = [...new Set([...used, ...organization.costAllocationTags])].toSorted().map((key) => {
    const isActive = organization.costAllocationTags.includes(key);
    return {
      TagKey: key,
      Type: key.startsWith('aws:') ? 'AWSGenerated' : 'UserDefined',
      Status: isActive ? 'Active' : 'Inactive',
      LastUpdatedDate: isActive ? ACTIVATED : undefined,
    };
  });
  const { items, next } = call.pager.page(tags, {
    listing: `ce/allocation-tags/${input.fingerprint(['NextToken'])}`,
    limit,
    token: input.text('NextToken'),
    matches: ({ TagKey, Status, Type }) =>
      (wanted.keys.length === 0 || wanted.keys.includes(TagKey)) && (wanted.status ?? Status) === Status && (wanted.type ?? Type) === Type,
  });
  return { CostAllocationTags: items, NextToken: next };
};
