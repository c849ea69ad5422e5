import type { State } from '../../state.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { BillLine } from './bill-line.ts';

export type Reader = (line: BillLine) => string;

/** The value of each dimension for a line. Dimensions without values have Cost Explorer's placeholder: `NoAZ`. */
const DIMENSIONS: Readonly<Record<string, Reader>> = {
  LINKED_ACCOUNT: ({ account }) => account,
  REGION: ({ region }) => region,
  SERVICE: ({ service }) => service,
  USAGE_TYPE: ({ usageType }) => usageType,
  OPERATION: ({ operation }) => operation,
  RECORD_TYPE: ({ recordType }) => recordType,
  INSTANCE_TYPE: ({ instanceType }) => instanceType,
  INSTANCE_TYPE_FAMILY: ({ instanceType }) => instanceType.replace(/^db\./, '').replace(/\..*/, ''),
  PURCHASE_TYPE: ({ instanceType, purchaseType }) => purchaseType ?? (instanceType === 'NoInstanceType' ? '' : 'On Demand Instances'),
  LEGAL_ENTITY_NAME: () => 'Amazon Web Services, Inc.',
  INVOICING_ENTITY: () => 'Amazon Web Services, Inc.',
  BILLING_ENTITY: () => 'AWS',
  AZ: () => 'NoAZ',
  PLATFORM: () => 'NoPlatform',
  OPERATING_SYSTEM: () => 'NoOperatingSystem',
  TENANCY: () => 'NoTenancy',
  DATABASE_ENGINE: () => 'NoDatabaseEngine',
  CACHE_ENGINE: () => 'NoCacheEngine',
  DEPLOYMENT_OPTION: () => 'NoDeploymentOption',
  USAGE_TYPE_GROUP: () => 'NoUsageTypeGroup',
};

/** @throws ServiceError when the dimension cannot be used in this operation. */
export function dimension(key: string, { withResources }: { withResources: boolean }): Reader {
  if (key === 'RESOURCE_ID' && withResources) return ({ resourceId }) => resourceId;
  const reader = DIMENSIONS[key];
  if (reader === undefined) throw new ServiceError('ValidationException', `Dimension ${key} is not allowed.`);
  return reader;
}

/** What stands beside a value: the name of an account. */
export function valueAttributes(key: string, value: string, state: State): Record<string, string> {
  const name = key === 'LINKED_ACCOUNT' ? state.account(value)?.name : undefined;
  return name === undefined ? {} : { description: name };
}
