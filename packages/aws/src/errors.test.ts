import { describe, expect, it } from 'vitest';
import { AwsError, answered, listed, toAwsError } from './errors.ts';

/** An error as the SDK throws it. */
function sdkError(name: string, status?: number, message = 'arn:aws:iam::111122223333:user/alice may not; token FwoGZXIvYXdz'): Error {
  return Object.assign(new Error(message), { name, ...(status !== undefined && { $metadata: { httpStatusCode: status } }) });
}

describe('toAwsError', () => {
  it.each([
    ['UnauthorizedOperation', 403, 'access_denied'],
    ['AccessDenied', 403, 'access_denied'],
    ['AccessDeniedException', 400, 'access_denied'],
    ['AuthorizationError', 403, 'access_denied'],
    ['RequestLimitExceeded', 503, 'throttled'],
    ['ThrottlingException', 400, 'throttled'],
    ['Throttling', 400, 'throttled'],
    ['LimitExceededException', 400, 'throttled'],
    ['SlowDown', 503, 'throttled'],
    ['ExpiredToken', 403, 'credentials'],
    ['ExpiredTokenException', 400, 'credentials'],
    ['AuthFailure', 401, 'credentials'],
    ['InvalidClientTokenId', 403, 'credentials'],
    ['UnrecognizedClientException', 400, 'credentials'],
    ['CredentialsProviderError', undefined, 'credentials'],
    ['OptInRequired', 403, 'region_not_enabled'],
    ['UnknownOperationException', 400, 'unsupported'],
    ['InvalidAction', 400, 'unsupported'],
    ['TimeoutError', undefined, 'timeout'],
    ['NoSuchTagSet', 404, 'not_found'],
    ['NoSuchEntityException', 404, 'not_found'],
    ['DBInstanceNotFoundFault', 404, 'not_found'],
    ['InvalidNextToken', 400, 'rejected'],
    ['PaginationTokenExpiredException', 400, 'rejected'],
    ['ValidationException', 400, 'rejected'],
    ['InternalFailure', 500, 'unavailable'],
    ['SyntaxError', 502, 'unavailable'],
    ['SyntaxError', 200, 'invalid_answer'],
    ['SyntaxError', undefined, 'invalid_answer'],
  ] as const)('takes %s with status %s for %s', (name, status, failure) => {
    expect(toAwsError('ec2:DescribeVolumes', sdkError(name, status)).failure).toBe(failure);
  });

  it.each([
    ['ECONNREFUSED', 'unavailable'],
    ['ENOTFOUND', 'unavailable'],
    ['ETIMEDOUT', 'timeout'],
  ] as const)('takes the network error %s for %s', (code, failure) => {
    expect(toAwsError('s3:ListAllMyBuckets', Object.assign(new Error('x'), { code }))).toMatchObject({ failure, code });
  });

  it('names the permission and contains no text from AWS', () => {
    const error = toAwsError('ec2:DescribeVolumes', sdkError('UnauthorizedOperation', 403));
    expect(error.message).toBe('ec2:DescribeVolumes is not allowed for this identity.');
    expect(error.code).toBe('UnauthorizedOperation');
  });

  it('ignores an error name that is a sentence', () => {
    expect(toAwsError('ec2:DescribeVolumes', sdkError('the secret is hunter2', 400)).code).toBe('Unknown');
  });

  it('classifies values that are not errors', () => {
    expect(toAwsError('ec2:DescribeVolumes', 'nonsense').failure).toBe('invalid_answer');
  });
});

describe('answered', () => {
  it('resolves with the answer', async () => {
    await expect(answered('a:B', undefined, Promise.resolve(7))).resolves.toBe(7);
  });

  it('rejects at once when the signal is aborted, even if no answer ever arrives', async () => {
    const controller = new AbortController();
    const waiting = answered('a:B', controller.signal, new Promise(() => undefined));
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('passes an AwsError on unchanged', async () => {
    const error = new AwsError('a:B', 'throttled', 'SlowDown');
    await expect(answered('c:D', undefined, Promise.reject(error))).rejects.toBe(error);
  });
});

describe('listed', () => {
  it('accepts an empty list and rejects a missing one', () => {
    expect(listed('a:B', [])).toEqual([]);
    expect(() => listed('a:B', undefined)).toThrow(expect.objectContaining({ failure: 'invalid_answer' }));
  });
});
