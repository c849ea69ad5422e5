import { ServiceError } from './wire/errors.ts';

/** An error's code and HTTP status, as one service words it. */
interface Wording {
  code: string;
  status: number;
  message?: string;
  members?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
}

/** How a service words what every service may say. */
export interface CommonErrors {
  throttled: Wording;
  denied: Wording;
  expiredCredentials: Wording;
  invalidCredentials: Wording;
  /** Not signed at all. */
  unsigned: Wording;
  /** Signed, but not in the form of SigV4. */
  malformedSignature: Wording;
  regionDisabled: Wording;
  optInRequired: Wording;
  internal: Wording;
  unavailable: Wording;
  unknownOperation: Wording;
  badToken: Wording;
  /** Where a service tells it from a token that never was. */
  expiredPageToken?: Wording;
}

const TOKEN_EXPIRED = 'The security token included in the request is expired';
const TOKEN_INVALID = 'The security token included in the request is invalid.';
const RATE_EXCEEDED = 'Rate exceeded';
const SUBSCRIBE = 'You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe.';
const INTERNAL = 'The request processing has failed because of an unknown error, exception or failure.';
const UNAVAILABLE = 'The request has failed due to a temporary failure of the server.';

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html; the other query services list the same. */
export const QUERY_ERRORS: CommonErrors = {
  throttled: { code: 'Throttling', status: 400, message: RATE_EXCEEDED },
  denied: { code: 'AccessDenied', status: 403 },
  expiredCredentials: { code: 'ExpiredToken', status: 403, message: TOKEN_EXPIRED },
  invalidCredentials: { code: 'InvalidClientTokenId', status: 403, message: TOKEN_INVALID },
  unsigned: { code: 'MissingAuthenticationToken', status: 403, message: 'Request is missing Authentication Token' },
  malformedSignature: { code: 'IncompleteSignature', status: 400, message: 'The request signature does not conform to AWS standards.' },
  regionDisabled: { code: 'InvalidClientTokenId', status: 403, message: TOKEN_INVALID },
  optInRequired: { code: 'OptInRequired', status: 403, message: SUBSCRIBE },
  internal: { code: 'InternalFailure', status: 500, message: INTERNAL },
  unavailable: { code: 'ServiceUnavailable', status: 503, message: UNAVAILABLE },
  unknownOperation: { code: 'InvalidAction', status: 400, message: 'The action is not valid for this web service.' },
  badToken: { code: 'ValidationError', status: 400, message: 'The marker is invalid.' },
};

/** Source: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-error-codes.html */
export const EC2_ERRORS: CommonErrors = {
  throttled: { code: 'RequestLimitExceeded', status: 503, message: 'Request limit exceeded.' },
  denied: { code: 'UnauthorizedOperation', status: 403 },
  expiredCredentials: { code: 'RequestExpired', status: 400, message: 'Request has expired.' },
  invalidCredentials: { code: 'AuthFailure', status: 401, message: 'AWS was not able to validate the provided access credentials' },
  unsigned: {
    code: 'MissingAuthenticationToken',
    status: 403,
    message: 'The request must contain either a valid (registered) AWS access key ID or X.509 certificate.',
  },
  malformedSignature: { code: 'IncompleteSignature', status: 400, message: 'The request signature does not conform to AWS standards.' },
  regionDisabled: { code: 'AuthFailure', status: 401, message: 'AWS was not able to validate the provided access credentials' },
  optInRequired: { code: 'OptInRequired', status: 401, message: SUBSCRIBE },
  internal: { code: 'InternalError', status: 500, message: 'An internal error has occurred' },
  unavailable: { code: 'Unavailable', status: 503, message: "The server is overloaded and can't handle the request." },
  unknownOperation: { code: 'InvalidAction', status: 400, message: 'The action is not valid for this web service.' },
  badToken: { code: 'InvalidNextToken', status: 400, message: 'The specified NextToken is not valid.' },
  expiredPageToken: { code: 'InvalidPaginationToken', status: 400, message: 'The specified pagination token is not valid or is expired.' },
};

/** Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html and the services' common errors. */
export const JSON_ERRORS: CommonErrors = {
  throttled: { code: 'ThrottlingException', status: 400, message: RATE_EXCEEDED },
  denied: { code: 'AccessDeniedException', status: 400 },
  expiredCredentials: { code: 'ExpiredTokenException', status: 400, message: TOKEN_EXPIRED },
  invalidCredentials: { code: 'UnrecognizedClientException', status: 400, message: TOKEN_INVALID },
  unsigned: { code: 'MissingAuthenticationTokenException', status: 400, message: 'Missing Authentication Token' },
  malformedSignature: {
    code: 'IncompleteSignatureException',
    status: 400,
    message: "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters.",
  },
  regionDisabled: { code: 'UnrecognizedClientException', status: 400, message: TOKEN_INVALID },
  optInRequired: { code: 'OptInRequired', status: 403, message: SUBSCRIBE },
  internal: { code: 'InternalFailure', status: 500, message: INTERNAL },
  unavailable: { code: 'ServiceUnavailable', status: 503, message: UNAVAILABLE },
  unknownOperation: { code: 'UnknownOperationException', status: 400, message: '' },
  badToken: { code: 'InvalidParameterException', status: 400, message: 'The pagination token is invalid.' },
};

export const REST_JSON_ERRORS: CommonErrors = {
  ...JSON_ERRORS,
  throttled: { code: 'ThrottlingException', status: 429, message: RATE_EXCEEDED },
  denied: { code: 'AccessDeniedException', status: 403 },
  expiredCredentials: { code: 'ExpiredTokenException', status: 403, message: TOKEN_EXPIRED },
  invalidCredentials: { code: 'UnrecognizedClientException', status: 403, message: TOKEN_INVALID },
  regionDisabled: { code: 'UnrecognizedClientException', status: 403, message: TOKEN_INVALID },
  unsigned: { code: 'MissingAuthenticationTokenException', status: 403, message: 'Missing Authentication Token' },
  malformedSignature: { ...JSON_ERRORS.malformedSignature, status: 403 },
  unknownOperation: { code: 'UnknownOperationException', status: 404, message: '' },
};

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const S3_ERRORS: CommonErrors = {
  throttled: { code: 'SlowDown', status: 503, message: 'Please reduce your request rate.' },
  denied: { code: 'AccessDenied', status: 403 },
  expiredCredentials: { code: 'ExpiredToken', status: 400, message: 'The provided token has expired.' },
  invalidCredentials: { code: 'InvalidToken', status: 400, message: 'The provided token is malformed or otherwise not valid.' },
  unsigned: { code: 'AccessDenied', status: 403, message: 'Access Denied' },
  malformedSignature: {
    code: 'AuthorizationHeaderMalformed',
    status: 400,
    message: 'The authorization header that you provided is not valid.',
  },
  regionDisabled: { code: 'InvalidToken', status: 400, message: 'The provided token is malformed or otherwise not valid.' },
  optInRequired: { code: 'NotSignedUp', status: 403, message: 'Your account is not signed up for the Amazon S3 service.' },
  internal: { code: 'InternalError', status: 500, message: 'We encountered an internal error. Please try again.' },
  unavailable: { code: 'ServiceUnavailable', status: 503, message: 'Service is unable to handle request.' },
  unknownOperation: {
    code: 'NotImplemented',
    status: 501,
    message: 'A header that you provided implies functionality that is not implemented.',
  },
  badToken: { code: 'InvalidArgument', status: 400, message: 'The continuation token provided is incorrect' },
};

export function commonError(errors: CommonErrors, kind: keyof CommonErrors, message?: string): ServiceError {
  const { code, status, message: usual = '', members = {}, headers = {} } = errors[kind] ?? errors.badToken;
  return new ServiceError(code, message ?? usual, { status, members, headers });
}

/** What IAM lets a service say when no policy allows an action. */
export function denial(errors: CommonErrors, callerArn: string, action: string): ServiceError {
  const reason = `User: ${callerArn} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`;
  const isEc2 = errors.denied.code === 'UnauthorizedOperation';
  return commonError(errors, 'denied', isEc2 ? `You are not authorized to perform this operation. ${reason}` : reason);
}
