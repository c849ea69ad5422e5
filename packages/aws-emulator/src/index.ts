export type { RecordedRequest } from './desk.ts';
export type { Fault, FaultKind, Faults } from './faults.ts';
export type { AwsEmulatorOptions } from './options.ts';
export type { PagingOptions } from './paging.ts';
export { type AwsEmulator, startAwsEmulator } from './server.ts';
