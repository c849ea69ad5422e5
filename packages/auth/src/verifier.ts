import { LRUCache } from 'lru-cache';
import type { Principal } from './principal.ts';

/** Why a credential was refused. `message` is shown to the client and never contains the credential. */
export interface Refusal {
  reason: 'missing' | 'malformed' | 'unknown' | 'expired' | 'revoked';
  message: string;
}

/** `expiresAt` is an instant of the wall clock, in milliseconds since the epoch: that is what a credential states. */
export type AuthResult = { principal: Principal; expiresAt?: number } | { refusal: Refusal };

export interface Clocks {
  /** Milliseconds since any moment, never going back: measures for how long a result is remembered. */
  monotonic: () => number;
  /** Milliseconds since the epoch: decides whether a credential has expired. */
  wall: () => number;
}

const CLOCKS: Clocks = { monotonic: () => performance.now(), wall: () => Date.now() };

/** One kind of credential: API keys, a static token, OAuth access tokens. */
export interface Verifier {
  readonly name: string;
  /** Whether a token is of this verifier's kind. Only the first verifier that recognises a token checks it. */
  recognises(token: string): boolean;
  verify(token: string): Promise<AuthResult>;
}

export interface Authenticator {
  /** @param authorization the value of the HTTP `Authorization` header. */
  authenticate(authorization: string | undefined): AuthResult | Promise<AuthResult>;
  /** Authenticates without what is remembered, so that a credential that was revoked a moment ago is refused. */
  verifyAgain(authorization: string | undefined): Promise<AuthResult>;
  /** Whether the credential was accepted when it was verified last, however long ago. */
  wasAccepted(authorization: string | undefined): boolean;
}

/** How long an accepted token is not verified again, in milliseconds: a revoked key stops working within this time. */
export const AUTH_RESULT_TTL_MS = 5000;
const MAX_RESULTS = 10_000;

/**
 * Verifies bearer tokens. Accepted tokens are remembered for {@link AUTH_RESULT_TTL_MS}, in this process's memory only; refused ones
 * are not, so that a key works as soon as it exists. A wall clock that is set back does not prolong that.
 */
export function createAuthenticator(verifiers: readonly Verifier[], clocks: Clocks = CLOCKS): Authenticator {
  // By the whole header, so that a known one is not parsed. Each result counts as one: with `max`, memory for all of them would be reserved at the start.
  const accepted = new LRUCache<string, Accepted>({ maxSize: MAX_RESULTS, sizeCalculation: () => 1 });

  async function verify(token: string, authorization: string): Promise<AuthResult> {
    const verifier = verifiers.find((candidate) => candidate.recognises(token));
    if (verifier === undefined) return refuse('unknown', 'The credential is not of a kind that this server accepts.');
    const result = await verifier.verify(token);
    if ('principal' in result) accepted.set(authorization, { result, until: clocks.monotonic() + AUTH_RESULT_TTL_MS });
    else accepted.delete(authorization);
    return result;
  }

  function authenticate(authorization: string | undefined): AuthResult | Promise<AuthResult> {
    if (authorization === undefined) return refuse('missing', 'This server needs a credential: send "Authorization: Bearer TOKEN".');
    const known = accepted.get(authorization);
    if (known !== undefined && isValid(known, clocks)) return known.result;
    const token = bearerToken(authorization);
    if (token === undefined) return refuse('malformed', 'The Authorization header must read "Bearer TOKEN".');
    return verify(token, authorization);
  }

  return {
    authenticate,
    wasAccepted: (authorization) => authorization !== undefined && accepted.has(authorization),
    async verifyAgain(authorization) {
      const token = authorization === undefined ? undefined : bearerToken(authorization);
      return authorization === undefined || token === undefined ? authenticate(authorization) : verify(token, authorization);
    },
  };
}

interface Accepted {
  result: { principal: Principal; expiresAt?: number };
  /** By the monotonic clock. */
  until: number;
}

function isValid({ result, until }: Accepted, { monotonic, wall }: Clocks): boolean {
  return until > monotonic() && (result.expiresAt === undefined || result.expiresAt > wall());
}

export function refuse(reason: Refusal['reason'], message: string): { refusal: Refusal } {
  return { refusal: { reason, message } };
}

const TOKEN = '[A-Za-z0-9._~+/=-]{1,4096}';
const HEADER = new RegExp(`^bearer +(${TOKEN})$`, 'i');
const WHOLE_TOKEN = new RegExp(`^${TOKEN}$`);

/** The token of `Bearer TOKEN` (RFC 6750, scheme in any letter case), or `undefined`. */
function bearerToken(authorization: string): string | undefined {
  return HEADER.exec(authorization)?.[1];
}

/** Why a text could not be presented as a token, without the text itself; `undefined` when it can. */
export function faultOfToken(text: string): string | undefined {
  if (WHOLE_TOKEN.test(text)) return undefined;
  if (text.trim() !== text) return 'it begins or ends with a blank or a line break';
  if (/[\r\n]/.test(text)) return 'it contains a line break';
  if (/\s/.test(text)) return 'it contains a blank';
  if (/[^\x20-\x7e]/.test(text)) return 'it contains characters beyond ASCII';
  if (text.length > 4096) return 'it has more than 4096 characters';
  return 'it may contain only letters, digits and - . _ ~ + / =';
}
