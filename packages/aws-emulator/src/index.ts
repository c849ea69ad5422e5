export { type CommonErrors, EC2_ERRORS, JSON_ERRORS, QUERY_ERRORS, REST_JSON_ERRORS, S3_ERRORS } from './common-errors.ts';
export type { RecordedRequest } from './dispatcher.ts';
export type { Fault, FaultKind, Faults } from './faults.ts';
export type { AwsEmulatorOptions } from './options.ts';
export type { PagingOptions } from './paging.ts';
export { type AwsEmulator, startAwsEmulator } from './server.ts';
export type { Call, JsonOperation, JsonService, QueryOperation, QueryService, RestOperation, RestService, Service } from './service.ts';
export { ServiceError } from './wire/errors.ts';
export { items } from './wire/xml.ts';
