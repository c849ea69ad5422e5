import { waitFor } from '@fairway-mcp/async';

/** Why a call to AWS has no usable answer. */
export type AwsFailure =
  /** The identity may not make the call. */
  | 'access_denied'
  /** Too many calls; the retries are used up. */
  | 'throttled'
  /** There are no credentials, they have expired, or this region does not accept them. */
  | 'credentials'
  /** The account has not opted in to the region. */
  | 'region_not_enabled'
  /** The service does not have the operation in this region. */
  | 'unsupported'
  /** The service could not be reached, or failed. */
  | 'unavailable'
  /** No answer in time. */
  | 'timeout'
  /** The response is not one of this service. */
  | 'invalid_answer'
  /** The requested resource does not exist. */
  | 'not_found'
  /** The service rejected the request. */
  | 'rejected';

/** A call to AWS that failed for good, retries included. Its message is safe to show: it holds no text from AWS. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly failure: AwsFailure;
  /** The IAM action that the call needs, such as `ec2:DescribeVolumes`. */
  readonly action: string;
  /** The name that AWS gave to its error, such as `UnauthorizedOperation`. */
  readonly code: string;

  constructor(action: string, failure: AwsFailure, code: string, cause?: unknown) {
    super(`${action} ${SENTENCES[failure]}`, cause === undefined ? undefined : { cause });
    this.action = action;
    this.failure = failure;
    this.code = code;
  }
}

const SENTENCES: Record<AwsFailure, string> = {
  access_denied: 'is not allowed for this identity.',
  throttled: 'was throttled.',
  credentials: 'was refused: the credentials are missing, expired or not accepted here.',
  region_not_enabled: 'was refused: the region is not enabled for this account.',
  unsupported: 'is not supported here.',
  unavailable: 'failed: the service is unreachable or has a fault.',
  timeout: 'was not answered in time.',
  invalid_answer: 'got a response that is not one of this service.',
  not_found: 'found no resource of this name.',
  rejected: 'was refused by the service.',
};

/**
 * Waits for the answer to a call and turns the SDK's errors into {@link AwsError}. Rejects at once when the signal is aborted, also
 * while the SDK is still getting its credentials, which it cannot abort.
 * @param action the IAM action that the call needs; it is what must be allowed when it is denied
 * @throws AwsError; the signal's reason when it is aborted
 */
export async function answered<T>(action: string, signal: AbortSignal | undefined, answer: Promise<T>): Promise<T> {
  try {
    return await waitFor(answer, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof AwsError ? error : toAwsError(action, error);
  }
}

/** The list that every answer of an operation contains, even when it is empty. @throws AwsError `invalid_answer` when it is not there. */
export function listed<T>(action: string, list: readonly T[] | undefined): readonly T[] {
  if (list === undefined) throw new AwsError(action, 'invalid_answer', 'MissingList');
  return list;
}

export function toAwsError(action: string, error: unknown): AwsError {
  const { name, status, code } = traits(error);
  return new AwsError(action, classify(name, status, code), name === 'Error' && code !== '' ? code : name, error);
}

/** The names are those of https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonErrors.html and of each service's own list. */
const NAMES: readonly [RegExp, AwsFailure][] = [
  [/^(OptInRequired|NotSignedUp|RegionDisabledException)$/, 'region_not_enabled'],
  [
    /^(ExpiredToken|ExpiredTokenException|RequestExpired|InvalidClientTokenId|UnrecognizedClient(Exception)?|AuthFailure|InvalidAccessKeyId|InvalidToken|InvalidSignatureException|SignatureDoesNotMatch|IncompleteSignature(Exception)?|MissingAuthenticationToken(Exception)?|CredentialsProviderError|TokenProviderError|ExpiredTokenError)$/,
    'credentials',
  ],
  [
    /^(AccessDenied(Exception)?|UnauthorizedOperation|UnauthorizedException|AuthorizationError(Exception)?|AuthorizationErrorException|NotAuthorized(Exception)?|ForbiddenException|Forbidden|AllAccessDisabled)$/,
    'access_denied',
  ],
  [
    /^(Throttl\w*|EC2ThrottledException|RequestLimitExceeded|RequestThrottled(Exception)?|TooManyRequestsException|SlowDown|BandwidthLimitExceeded|LimitExceededException|PriorRequestNotComplete|ThrottledException)$/,
    'throttled',
  ],
  [/^(TimeoutError|RequestTimeout(Exception)?)$/, 'timeout'],
  [
    /^(InvalidAction|UnknownOperation(Exception)?|UnsupportedOperation(Exception)?|NotImplemented|UnknownEndpoint|EndpointError)$/,
    'unsupported',
  ],
  [/^(NoSuch\w+|\w*NotFound(Exception|Fault)?|\w+\.NotFound|\w*NonExistentQueue|QueueDoesNotExist|ClusterNotFoundException)$/, 'not_found'],
];

const NETWORK_CODES = /^(ECONN\w+|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ERR_SSL_\w+|CERT_\w+|\w+_CERT\w*)$/;

function classify(name: string, status: number | undefined, code: string): AwsFailure {
  const known = NAMES.find(([names]) => names.test(name))?.[1];
  if (known !== undefined) return known;
  if (code === 'ETIMEDOUT') return 'timeout';
  if (NETWORK_CODES.test(code)) return 'unavailable';
  if (status === 429) return 'throttled';
  if (status === 401 || status === 403) return 'access_denied';
  if (status === 404) return 'not_found';
  if (status !== undefined && status >= 500) return 'unavailable';
  if (status !== undefined && status >= 400) return 'rejected';
  return 'invalid_answer';
}

/** Names are shown, so they must look like names: an answer that is none may hold anything in their place. */
function traits(error: unknown): { name: string; status: number | undefined; code: string } {
  if (typeof error !== 'object' || error === null) return { name: 'Unknown', status: undefined, code: '' };
  const { name, code, $metadata } = error as { name?: unknown; code?: unknown; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return { name: asName(name) || 'Unknown', status, code: asName(code) };
}

function asName(value: unknown): string {
  return typeof value === 'string' && /^[\w.-]{1,80}$/.test(value) ? value : '';
}
