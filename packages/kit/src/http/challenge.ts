import type { Refusal } from '@fairway-mcp/auth';

/** A response that names the credential a request needs: status, body and the `WWW-Authenticate` header. */
export interface Challenge {
  status: number;
  json: string;
  headers: Record<string, string>;
}

/** 401. A request without a credential gets the challenge without an error code (RFC 6750 section 3.1). */
export function identityChallenge({ reason, message }: Refusal): Challenge {
  const isMissing = reason === 'missing';
  const details = isMissing ? '' : ` error="invalid_token", error_description="${quotable(message)}"`;
  return {
    status: 401,
    json: JSON.stringify({ error: isMissing ? 'unauthorized' : 'invalid_token', error_description: message }),
    headers: { 'WWW-Authenticate': `Bearer${details}` },
  };
}

/** 429 for an address from which too many credentials were refused. Credentials from there are not looked at meanwhile. */
export function tooManyRefusals(seconds: number): Challenge {
  const message = `Too many credentials from this address were refused. Wait ${seconds} s, and check the credential.`;
  return {
    status: 429,
    json: JSON.stringify({ error: 'too_many_requests', error_description: message }),
    headers: { 'Retry-After': String(seconds) },
  };
}

/** 503 while nothing is known of credentials, for example because the database does not answer. */
export const CREDENTIALS_UNCHECKED: Challenge = {
  status: 503,
  json: JSON.stringify({ error: 'temporarily_unavailable', error_description: 'Credentials cannot be checked now. Try again soon.' }),
  headers: { 'Retry-After': '5' },
};

/** 403 with the missing scope (RFC 6750 section 3.1). */
export function scopeChallenge(scope: string): Challenge {
  const message = `This needs the scope ${scope}.`;
  return {
    status: 403,
    json: JSON.stringify({ error: 'insufficient_scope', error_description: message, scope }),
    headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", error_description="${message}", scope="${scope}"` },
  };
}

function quotable(text: string): string {
  return text.replaceAll('"', "'");
}
