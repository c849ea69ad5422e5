import { describe, expect, it } from 'vitest';
import { type ApiKeyRecord, type ApiKeyRecords, apiKeyVerifier, createApiKey } from './api-keys.ts';

const now = new Date('2026-05-01T00:00:00Z');

/** Storage in memory; the store's own tests cover the real one. */
function memoryRecords(): ApiKeyRecords & { rows: ApiKeyRecord[] } {
  const rows: ApiKeyRecord[] = [];
  return {
    rows,
    async add(row, max) {
      if (rows.filter((other) => other.name === row.name && other.revokedAt === null).length >= max) return false;
      rows.push({ ...row });
      return true;
    },
    find: async (id) => rows.find((row) => row.id === id),
    list: async () => rows,
    async revoke(id, at) {
      const row = rows.find((candidate) => candidate.id === id);
      if (row !== undefined) row.revokedAt ??= at;
      return row !== undefined;
    },
  };
}

const wanted = { name: 'ci', scopes: ['weather:read'], expiresAt: '2026-06-01T00:00:00.000Z' };

describe('API keys', () => {
  it('authenticate with their name, scopes and expiry', async () => {
    const records = memoryRecords();
    const { id, key } = await createApiKey(records, wanted, now);
    const result = await apiKeyVerifier(records, () => now.getTime()).verify(key);
    expect(result).toEqual({
      principal: { id: 'api_key:ci', kind: 'api_key', scopes: ['weather:read'], claims: { key: id } },
      expiresAt: Date.parse(wanted.expiresAt),
    });
  });

  it('are stored without their secret', async () => {
    const records = memoryRecords();
    const { key } = await createApiKey(records, wanted, now);
    const secret = key.split('_').slice(2).join('_');
    expect(JSON.stringify(records.rows)).not.toContain(secret);
  });

  it('are refused when they are mistyped, malformed, expired or revoked', async () => {
    const records = memoryRecords();
    const { id, key } = await createApiKey(records, wanted, now);
    const at = (time: string) => apiKeyVerifier(records, () => Date.parse(time));
    const last = key.at(-1) === 'A' ? 'B' : 'A';
    expect(await at('2026-05-02').verify(key.slice(0, -1) + last)).toMatchObject({ refusal: { reason: 'unknown' } });
    expect(await at('2026-05-02').verify('fwk_short')).toMatchObject({ refusal: { reason: 'unknown' } });
    expect(await at('2026-06-01').verify(key)).toMatchObject({ refusal: { reason: 'expired' } });
    await records.revoke(id, '2026-05-02T00:00:00Z');
    expect(await at('2026-05-02').verify(key)).toMatchObject({ refusal: { reason: 'revoked' } });
  });

  it('can be rotated: two keys of a name work side by side, a third is refused until one is revoked', async () => {
    const records = memoryRecords();
    const first = await createApiKey(records, wanted, now);
    const second = await createApiKey(records, wanted, now);
    await expect(createApiKey(records, wanted, now)).rejects.toThrow(/2 active keys.*Revoke one/);
    const verifier = apiKeyVerifier(records, () => now.getTime());
    for (const { key } of [first, second]) expect(await verifier.verify(key)).toHaveProperty('principal');
    await records.revoke(first.id, now.toISOString());
    await expect(createApiKey(records, wanted, now)).resolves.toHaveProperty('key');
  });

  it.each([
    [{ ...wanted, name: 'two words' }, /not a key name/],
    [{ ...wanted, scopes: ['weather'] }, /not a scope/],
    [{ ...wanted, scopes: [] }, /at least one scope/],
    [{ ...wanted, expiresAt: '2026-04-30T00:00:00Z' }, /in the future/],
    [{ ...wanted, expiresAt: 'soon' }, /in the future/],
  ])('are not created from %j', async (bad, message) => {
    await expect(createApiKey(memoryRecords(), bad, now)).rejects.toThrow(message);
  });
});
