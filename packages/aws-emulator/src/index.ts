export type { RecordedRequest } from './desk.ts';
export type { Fault, FaultKind, Faults } from './faults.ts';
export type { AwsOptions } from './options.ts';
export type { PagingOptions } from './paging.ts';
export { type AwsStandIn, startAws } from './server.ts';
