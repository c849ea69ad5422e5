export { type Arn, arn, formatArn, parseArn } from './arn.ts';
export { accountId, region, regionOrGlobal } from './region.ts';
export { isKnownRegion, REGION_NAMES } from './region-names.ts';
