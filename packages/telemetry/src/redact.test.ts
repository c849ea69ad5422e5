import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, REDACTED } from './redact.ts';

describe('the redactor', () => {
  it.each([
    'fwk_abcdefghjkmn_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG',
    'AKIAIOSFODNN7EXAMPLE',
    'ASIAIOSFODNN7EXAMPLE',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N',
  ])('masks %s by its form', (secret) => {
    expect(createRedactor().text(`before ${secret} after`)).toBe(`before ${REDACTED} after`);
  });

  it('masks bearer tokens, and passwords in URLs', () => {
    const redactor = createRedactor();
    expect(redactor.text('Authorization: Bearer abcdefghijkl')).toBe(`Authorization: Bearer ${REDACTED}`);
    expect(redactor.text('postgres://user:hunter2@db:5432/x')).toBe(`postgres://user:${REDACTED}@db:5432/x`);
  });

  it.each([
    ['redis://:hunter2@cache:6379', `redis://:${REDACTED}@cache:6379`],
    ['postgres://user:hun@ter@2@db/x?sslmode=require', `postgres://user:${REDACTED}@db/x?sslmode=require`],
    ['https://ghp_hunter2@git.example/x', `https://${REDACTED}@git.example/x`],
    ['https://api.example/v1?city=Bonn&api_key=hunter2&units=metric', `https://api.example/v1?city=Bonn&api_key=${REDACTED}&units=metric`],
    [
      'https://b.example/o?X-Amz-Security-Token=hunter2&X-Amz-Signature=hunter2#x',
      `https://b.example/o?X-Amz-Security-Token=${REDACTED}&X-Amz-Signature=${REDACTED}#x`,
    ],
    ['postgres://db/x?user=me&password=hunter2', `postgres://db/x?user=me&password=${REDACTED}`],
    ['https://maps.example/?key=hunter2', `https://maps.example/?key=${REDACTED}`],
    ['https://c.example/?private_key=hunter2&keys=all', `https://c.example/?private_key=${REDACTED}&keys=all`],
  ])('masks the credentials in %s', (url, masked) => {
    expect(createRedactor().text(`GET ${url} failed`)).toBe(`GET ${masked} failed`);
  });

  it.each([
    'http://127.0.0.1:8080/mcp',
    'https://example.com/a@b?q=a:b@c',
    'write to ann@example.com',
    'a: b@c',
    'arn:aws:iam::1:role/x?y=1',
  ])('keeps %s', (text) => {
    expect(createRedactor().text(text)).toBe(text);
  });

  it('takes no more than linear time', () => {
    for (const text of ['a.'.repeat(200_000), 'a://'.repeat(100_000), '?token'.repeat(60_000), 'x://y:'.repeat(60_000)]) {
      expect(createRedactor().text(text).length).toBeGreaterThan(0);
    }
  });

  it('masks fields with a sensitive name at any depth, and keeps the rest', () => {
    const value = { user: 'ann', password: 'x', nested: [{ apiKey: 'x', 'x-api-key': 'x', accessToken: 'x', fine: 1 }] };
    expect(createRedactor().value(value)).toEqual({
      user: 'ann',
      password: REDACTED,
      nested: [{ apiKey: REDACTED, 'x-api-key': REDACTED, accessToken: REDACTED, fine: 1 }],
    });
  });

  it('masks a known secret wherever it appears', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9]{6,30}$/), fc.string(), fc.string(), (secret, before, after) => {
        const redactor = createRedactor([secret]);
        const seen = JSON.stringify(redactor.value({ a: [before + secret + after], [secret]: new Error(`${secret}!`) }));
        expect(seen).not.toContain(secret);
      }),
    );
  });

  it('limits depth, number of items and length of any value', () => {
    const cyclic: Record<string, unknown> = { big: 10n, none: undefined, call: () => 1, sign: Symbol('x') };
    cyclic.self = cyclic;
    const seen = JSON.stringify(
      createRedactor().value({ cyclic, many: Array.from({ length: 1000 }, () => 'x'), long: 'y'.repeat(100_000) }),
    );
    expect(seen.length).toBeLessThan(3000);
    expect(seen).toContain('[950 more]');
  });
});
