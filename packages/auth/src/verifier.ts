import type { Principal } from './principal.ts';

/** Why a credential was refused. `message` is public: it never holds the credential. */
export interface Refusal {
  reason: 'missing' | 'malformed' | 'unknown' | 'expired' | 'revoked';
  message: string;
}

export type AuthResult = { principal: Principal; expiresAt?: number } | { refusal: Refusal };

/** One way of recognising callers: API keys, a static token, OAuth access tokens. */
export interface Verifier {
  readonly name: string;
  /** Whether a token is of this verifier's kind. The first verifier that recognises a token decides alone. */
  recognises(token: string): boolean;
  verify(token: string): Promise<AuthResult>;
}

export interface Authenticator {
  /** @param authorization the value of the HTTP header of that name. */
  authenticate(authorization: string | undefined): AuthResult | Promise<AuthResult>;
}

/** For how long a good result is trusted without asking again: a revoked key stops working within this time. */
export const AUTH_RESULT_TTL_MS = 5000;
const MAX_RESULTS = 10_000;

/**
 * Asks the verifiers in order. Good verdicts are remembered for {@link AUTH_RESULT_TTL_MS}, under the token itself, in this
 * process's memory only; refusals are not, so that a key works the moment it exists.
 */
export function createAuthenticator(verifiers: readonly Verifier[], now: () => number = Date.now): Authenticator {
  const trusted = new Map<string, { result: AuthResult; until: number }>();

  async function ask(token: string): Promise<AuthResult> {
    const verifier = verifiers.find((candidate) => candidate.recognises(token));
    if (verifier === undefined) return refuse('unknown', 'The credential is not of a kind that this server accepts.');
    const result = await verifier.verify(token);
    if ('principal' in result) {
      if (trusted.size >= MAX_RESULTS) trusted.clear();
      trusted.set(token, { result, until: Math.min(now() + AUTH_RESULT_TTL_MS, result.expiresAt ?? Number.POSITIVE_INFINITY) });
    }
    return result;
  }

  return {
    authenticate(authorization) {
      if (authorization === undefined) return refuse('missing', 'This server needs a credential: send "Authorization: Bearer TOKEN".');
      const token = bearerToken(authorization);
      if (token === undefined) return refuse('malformed', 'The Authorization header must read "Bearer TOKEN".');
      const known = trusted.get(token);
      if (known !== undefined && known.until > now()) return known.result;
      trusted.delete(token);
      return ask(token);
    },
  };
}

export function refuse(reason: Refusal['reason'], message: string): { refusal: Refusal } {
  return { refusal: { reason, message } };
}

/** The token of `Bearer TOKEN` (RFC 6750, scheme in any letter case), or `undefined`. */
function bearerToken(authorization: string): string | undefined {
  return /^bearer +([A-Za-z0-9._~+/=-]{1,4096})$/i.exec(authorization)?.[1];
}
