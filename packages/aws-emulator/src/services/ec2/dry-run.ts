import { ServiceError } from '../../wire/errors.ts';
import type { QueryInput } from '../../wire/query-input.ts';

/**
 * Call it when everything has been validated and nothing has changed yet.
 * @throws ServiceError when the request only asks whether it would succeed.
 */
export function checkDryRun(input: QueryInput): void {
  if (!input.flag('DryRun')) return;
  throw new ServiceError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', { status: 412 });
}
