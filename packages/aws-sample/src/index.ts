export { allocationTags } from './allocation-tags.ts';
export type * from './attributes.ts';
export { isAwsDefault } from './aws-default.ts';
export type { Charge, RecordType } from './bill/charge.ts';
export { BILL_EVENTS } from './bill/events.ts';
export { BILL_NOW, BILL_START, type Bill, type BillOptions, DEFAULT_BILL_SIZE, generateBill } from './bill/generate-bill.ts';
export { chargeCost, dailyCost, dayOf, formatUsd, isoDay, monthlyCost, resourceCost } from './cost.ts';
export { DEFAULT_ORGANIZATION_NOW, DEFAULT_ORGANIZATION_SIZE, generateOrganization, type OrganizationOptions } from './generate.ts';
export { RESOURCE_TYPES, type ResourceType } from './resource-types.ts';
export { type SampleTagPolicy, type SampleTagRule, sampleOrganizationsTagPolicy, sampleTagPolicy } from './tag-policy.ts';
export {
  type Account,
  type CostShape,
  type IamPrincipal,
  type Organization,
  type OrganizationResource,
  type ResourceBase,
  type ResourceOf,
  resourcesOf,
  type SharedCharge,
  type TagFlaw,
  type Tags,
  type Truth,
} from './types.ts';
export { type BilledUsage, billedUsage } from './usage-types.ts';
