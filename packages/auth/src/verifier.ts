import type { Principal } from './principal.ts';

/** Why a credential was refused. `message` is public: it never holds the credential. */
export interface Refusal {
  reason: 'missing' | 'malformed' | 'unknown' | 'expired' | 'revoked';
  message: string;
}

export type Verdict = { principal: Principal; expiresAt?: number } | { refusal: Refusal };

/** One way of recognising callers: API keys, a static token, OAuth access tokens. */
export interface Verifier {
  readonly name: string;
  /** Whether a token is of this verifier's kind. The first verifier that recognises a token decides alone. */
  recognises(token: string): boolean;
  verify(token: string): Promise<Verdict>;
}

export interface Authenticator {
  /** @param authorization the value of the HTTP header of that name. */
  authenticate(authorization: string | undefined): Verdict | Promise<Verdict>;
}

/** For how long a good verdict is trusted without asking again: a revoked key stops working within this time. */
export const VERDICT_TTL_MS = 5000;
const MAX_VERDICTS = 10_000;

/**
 * Asks the verifiers in order. Good verdicts are remembered for {@link VERDICT_TTL_MS}, under the token itself, in this
 * process's memory only; refusals are not, so that a key works the moment it exists.
 */
export function createAuthenticator(verifiers: readonly Verifier[], now: () => number = Date.now): Authenticator {
  const trusted = new Map<string, { verdict: Verdict; until: number }>();

  async function ask(token: string): Promise<Verdict> {
    const verifier = verifiers.find((candidate) => candidate.recognises(token));
    if (verifier === undefined) return refuse('unknown', 'The credential is not of a kind that this server accepts.');
    const verdict = await verifier.verify(token);
    if ('principal' in verdict) {
      if (trusted.size >= MAX_VERDICTS) trusted.clear();
      trusted.set(token, { verdict, until: Math.min(now() + VERDICT_TTL_MS, verdict.expiresAt ?? Number.POSITIVE_INFINITY) });
    }
    return verdict;
  }

  return {
    authenticate(authorization) {
      if (authorization === undefined) return refuse('missing', 'This server needs a credential: send "Authorization: Bearer TOKEN".');
      const token = bearerToken(authorization);
      if (token === undefined) return refuse('malformed', 'The Authorization header must read "Bearer TOKEN".');
      const known = trusted.get(token);
      if (known !== undefined && known.until > now()) return known.verdict;
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
