import { AwsError } from '@fairway-mcp/aws';
import { ToolError } from '@fairway-mcp/kit';

const DOCTOR = 'or run doctor to see what is wrong.';

/** What a failed call to a billing service means to a caller, and what to do about it. Other errors stay what they are. */
export function toToolError(error: unknown, title: string): unknown {
  if (!(error instanceof AwsError)) return error;
  const { kind, message, remedy, retryAfterS } = describe(error, title);
  return new ToolError({ kind, message, remedy, cause: error, ...(retryAfterS !== undefined && { retryAfterS }) });
}

type Description = Pick<ToolError, 'kind' | 'message' | 'remedy'> & { retryAfterS?: number };

function describe(error: AwsError, title: string): Description {
  return byCode(error, title) ?? byFailure(error, title);
}

/** Errors that the billing services have a name of their own for. */
function byCode({ action, code }: AwsError, title: string): Description | undefined {
  switch (code) {
    case 'DataUnavailableException':
      return {
        kind: 'upstream_rejected',
        message: `AWS has no data for this in ${title} (${action}).`,
        remedy:
          'Ask for a later period. A new account has data after a day, and a forecast after about a month; costs by resource must be enabled under Cost Management preferences.',
      };
    case 'BillExpirationException':
      return {
        kind: 'upstream_rejected',
        message: `The bill of ${title} is being replaced by a newer one.`,
        remedy: 'Ask again in a few minutes.',
        retryAfterS: 300,
      };
    case 'RequestChangedException':
    case 'InvalidNextTokenException':
      return {
        kind: 'upstream_unavailable',
        message: `The answer about ${title} changed while its pages were read (${action}).`,
        remedy: 'Ask again.',
        retryAfterS: 1,
      };
    case 'TooManyPages':
      return {
        kind: 'invalid_input',
        message: `The answer of ${action} has more pages than one question may cost.`,
        remedy: 'Ask for a shorter period, a coarser granularity or with a filter.',
      };
    default:
      return undefined;
  }
}

function byFailure({ action, failure, code, message }: AwsError, title: string): Description {
  switch (failure) {
    case 'access_denied':
      return {
        kind: 'upstream_rejected',
        message: `${title}: ${message}`,
        remedy: `Allow ${action} for this identity; the README has the whole policy. Member accounts also need billing access in the management account's Cost Management preferences.`,
      };
    case 'credentials':
      return {
        kind: 'upstream_rejected',
        message: `The AWS credentials of ${title} are missing, expired or not accepted.`,
        remedy: `Renew them where this server runs (for SSO: aws sso login), ${DOCTOR}`,
      };
    case 'throttled':
      return {
        kind: 'upstream_unavailable',
        message: `AWS throttles ${action} for ${title}.`,
        remedy: 'Ask again in a minute.',
        retryAfterS: 60,
      };
    case 'timeout':
    case 'unavailable':
    case 'invalid_answer':
      return {
        kind: failure === 'timeout' ? 'timeout' : 'upstream_unavailable',
        message: `${title}: ${message}`,
        remedy: `Ask again in a minute, ${DOCTOR}`,
        retryAfterS: 60,
      };
    default:
      return {
        kind: 'upstream_rejected',
        message: `${title}: ${message.replace(/\.$/, '')} (${code}).`,
        remedy: 'Check the period: Cost Explorer knows 14 months, 38 by month where that is enabled. Else run doctor.',
      };
  }
}
