import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isScope } from './principal.ts';
import { refuse, type Verifier } from './verifier.ts';

/** Storage of API keys, implemented by the store. Times are ISO instants, scopes are separated by spaces. */
export interface ApiKeyRecords {
  /** Adds the key unless `max` keys of its name are active. Returns whether it was added. */
  add(row: ApiKeyRecord, max: number): Promise<boolean>;
  find(id: string): Promise<ApiKeyRecord | undefined>;
  list(): Promise<ApiKeyRecord[]>;
  revoke(id: string, at: string): Promise<boolean>;
}

export interface ApiKeyRecord {
  id: string;
  name: string;
  secretHash: string;
  scopes: string;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
}

/** How many keys of one name may be active at the same time: during a rotation the old one and the new one. */
export const ACTIVE_KEYS_PER_NAME = 2;

const KEY_PATTERN = /^fwk_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;

export interface NewKey {
  name: string;
  scopes: readonly string[];
  /** ISO instant, or null for a key that does not expire. */
  expiresAt: string | null;
}

/**
 * Creates a key. The returned text is its only copy: the store keeps a SHA-256 of its 256 random bits. A slow hash is not needed,
 * because they cannot be guessed.
 * @throws Error with a message for the operator when the name, a scope or the expiry is invalid, or two keys of the name are active.
 */
export async function createApiKey(records: ApiKeyRecords, wanted: NewKey, now: Date = new Date()): Promise<{ id: string; key: string }> {
  rejectInvalidKey(wanted, now);
  const id = randomId();
  const secret = randomBytes(32).toString('base64url');
  const { name, scopes, expiresAt } = wanted;
  const row = { id, name, secretHash: hash(secret), scopes: scopes.join(' '), createdAt: now.toISOString(), expiresAt, revokedAt: null };
  if (!(await records.add(row, ACTIVE_KEYS_PER_NAME))) {
    throw new Error(`"${name}" has ${ACTIVE_KEYS_PER_NAME} active keys already. Revoke one of them first.`);
  }
  return { id, key: `fwk_${id}_${secret}` };
}

function rejectInvalidKey(wanted: NewKey, now: Date): void {
  if (!/^[\w.@-]{1,64}$/.test(wanted.name))
    throw new Error(`"${wanted.name}" is not a key name: use up to 64 letters, digits, ".", "_", "@" or "-".`);
  const invalid = wanted.scopes.find((scope) => !isScope(scope));
  if (invalid !== undefined)
    throw new Error(`"${invalid}" is not a scope: write SERVER:read, SERVER:write, SERVER:destroy, SERVER:* or *.`);
  if (wanted.scopes.length === 0) throw new Error('A key needs at least one scope.');
  if (wanted.expiresAt !== null && !(Date.parse(wanted.expiresAt) > now.getTime()))
    throw new Error('The time of expiry must be in the future.');
}

/** Verifies keys that {@link createApiKey} created. */
export function apiKeyVerifier(records: ApiKeyRecords, now: () => number = Date.now): Verifier {
  return {
    name: 'api key',
    recognises: (token) => token.startsWith('fwk_'),
    async verify(token) {
      const [, keyId, secret] = KEY_PATTERN.exec(token) ?? [];
      const row = keyId === undefined ? undefined : await records.find(keyId);
      if (row === undefined || secret === undefined || !sameHash(hash(secret), row.secretHash))
        return refuse('unknown', 'The API key is not known here.');
      const state = stateOfKey(row, now());
      if (state === 'revoked') return refuse(state, 'The API key has been revoked.');
      if (state === 'expired') return refuse(state, 'The API key has expired.');
      const { name, scopes, expiresAt } = row;
      const principal = { id: principalIdOfKey(name), kind: 'api_key' as const, scopes: scopes.split(' '), claims: { key: row.id } };
      return { principal, ...(expiresAt !== null && { expiresAt: Date.parse(expiresAt) }) };
    },
  };
}

/** @param now in milliseconds since the epoch */
export function stateOfKey({ revokedAt, expiresAt }: ApiKeyRecord, now: number): 'active' | 'revoked' | 'expired' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : 'active';
}

/** By name, so that a caller who rotates its key keeps its sessions, tasks and idempotency keys. */
export function principalIdOfKey(name: string): string {
  return `api_key:${name}`;
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function sameHash(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

/** Twelve lower-case letters and digits, without those that look alike. Not a secret. */
function randomId(): string {
  const alphabet = 'abcdefghjkmnpqrstvwxyz0123456789';
  return [...randomBytes(12)].map((byte) => alphabet[byte % alphabet.length]).join('');
}
