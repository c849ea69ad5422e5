import type { HttpRequest } from './http.ts';

/** What a Signature Version 4 request says of itself. */
export interface Scope {
  accessKeyId: string;
  region: string;
  /** The signing name: `ec2`, `elasticfilesystem`, `tagging`. */
  service: string;
  sessionToken: string | undefined;
}

const HEADER =
  /^AWS4-HMAC-SHA256 +Credential=([\w+=,.@-]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, *SignedHeaders=[a-z0-9;-]+, *Signature=[0-9a-f]{64}$/;

/**
 * Reads who signs and for what. The signature itself is not verified: nobody here knows the secrets.
 * @returns `missing` when the request is not signed at all, `malformed` when it is signed in another form than SigV4's.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 */
export function readScope(request: HttpRequest): Scope | 'missing' | 'malformed' {
  const header = request.headers.authorization;
  if (header === undefined) return presignedScope(request.query);
  const match = HEADER.exec(header);
  if (match === null) return 'malformed';
  const [, accessKeyId = '', , region = '', service = ''] = match;
  return { accessKeyId, region, service, sessionToken: request.headers['x-amz-security-token'] };
}

/** A signature in the query string, as presigned URLs have it. */
function presignedScope(query: URLSearchParams): Scope | 'missing' | 'malformed' {
  const credential = query.get('X-Amz-Credential');
  if (credential === null) return 'missing';
  const match = /^([\w+=,.@-]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request$/.exec(credential);
  if (match === null || query.get('X-Amz-Signature') === null) return 'malformed';
  const [, accessKeyId = '', region = '', service = ''] = match;
  return { accessKeyId, region, service, sessionToken: query.get('X-Amz-Security-Token') ?? undefined };
}
