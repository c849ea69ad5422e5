export { type AttemptObserver, type AttemptOutcome, withObserver } from './attempts.ts';
export { type Aws, type AwsOptions, createAws } from './aws.ts';
export type { Place } from './clients.ts';
export { type Role, roleFromTemplate } from './credentials.ts';
export { AwsError, type AwsFailure, answered, listed } from './errors.ts';
export type { Identity } from './identity.ts';
export type { Rate } from './pacing.ts';
export type { Service, ServiceName } from './services.ts';
