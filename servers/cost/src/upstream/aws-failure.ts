import { AwsError, type AwsFailure } from '@fairway-mcp/aws';
import { type ErrorKind, ToolError } from '@fairway-mcp/kit';

const KINDS: Readonly<Record<AwsFailure, readonly [kind: ErrorKind, remedy: (action: string) => string]>> = {
  access_denied: ['upstream_rejected', (action) => `Let the operator allow ${action} for the identity of this server.`],
  credentials: ['upstream_rejected', () => 'Let the operator renew the AWS credentials of this server (doctor shows what is wrong).'],
  region_not_enabled: ['upstream_rejected', () => 'Let the operator set --aws-region to a region that the account has enabled.'],
  unsupported: ['upstream_rejected', () => 'Let the operator check --aws-region.'],
  invalid_answer: ['upstream_unavailable', () => 'Ask again; if it stays so, check --aws-region and whatever stands between here and AWS.'],
  not_found: ['upstream_rejected', () => 'Let the operator check the names in the settings (doctor shows what is wrong).'],
  rejected: ['upstream_rejected', () => 'Let the operator run doctor; the log has the details.'],
  throttled: ['rate_limited', () => 'Ask again in a minute.'],
  unavailable: ['upstream_unavailable', () => 'Ask again in a minute.'],
  timeout: ['timeout', () => 'Ask again in a minute.'],
};

/** How long to wait after a failure that passes. */
const RETRY_S = 60;

/** What a failed call to AWS means for the caller of a tool. Everything else stays as it is. */
export function toToolError(error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  const [kind, remedy] = KINDS[error.failure];
  const isPassing = kind === 'rate_limited' || kind === 'upstream_unavailable' || kind === 'timeout';
  return new ToolError({
    kind,
    message: error.message,
    remedy: remedy(error.action),
    ...(isPassing && { retryAfterS: RETRY_S }),
    cause: error,
  });
}

/** Runs work whose failures are shown to callers. @throws ToolError instead of AwsError */
export async function shown<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toToolError(error);
  }
}
