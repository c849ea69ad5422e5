import { describe, expect, it } from 'vitest';
import { staticBearerVerifier } from './static-bearer.ts';
import { AUTH_RESULT_TTL_MS, createAuthenticator, refuse, type Verifier } from './verifier.ts';

function counting(prefix: string, expiresAt?: number): Verifier & { asked: number } {
  return {
    asked: 0,
    name: prefix,
    recognises: (token) => token.startsWith(prefix),
    async verify(token) {
      this.asked += 1;
      if (token.endsWith('bad')) return refuse('unknown', 'no');
      return { principal: { id: token, kind: 'api_key', scopes: [], claims: {} }, ...(expiresAt !== undefined && { expiresAt }) };
    },
  };
}

describe('the authenticator', () => {
  it.each([
    [undefined, 'missing'],
    ['', 'malformed'],
    ['Basic dXNlcjpwYXNz', 'malformed'],
    ['Bearer', 'malformed'],
    ['Bearer two words', 'malformed'],
    [`Bearer ${'x'.repeat(5000)}`, 'malformed'],
    ['Bearer c-1', 'unknown'],
  ])('refuses %j: %s', async (header, reason) => {
    const authenticator = createAuthenticator([counting('a-'), counting('b-')]);
    expect(await authenticator.authenticate(header)).toMatchObject({ refusal: { reason } });
  });

  it('lets the first verifier that recognises the credential decide alone', async () => {
    const [first, second] = [counting('a-'), counting('a')];
    const authenticator = createAuthenticator([first, second]);
    expect(await authenticator.authenticate('bearer a-bad')).toMatchObject({ refusal: { reason: 'unknown' } });
    expect([first.asked, second.asked]).toEqual([1, 0]);
  });

  it('remembers a good result for a while, a bad one never', async () => {
    let time = 0;
    const verifier = counting('a-');
    const authenticator = createAuthenticator([verifier], () => time);
    for (let call = 0; call < 3; call += 1) await authenticator.authenticate('Bearer a-1');
    expect(verifier.asked).toBe(1);
    time = AUTH_RESULT_TTL_MS;
    await authenticator.authenticate('Bearer a-1');
    expect(verifier.asked).toBe(2);
    for (let call = 0; call < 3; call += 1) await authenticator.authenticate('Bearer a-bad');
    expect(verifier.asked).toBe(5);
  });

  it('remembers nothing beyond the expiry of the credential', async () => {
    let time = 0;
    const verifier = counting('a-', 100);
    const authenticator = createAuthenticator([verifier], () => time);
    await authenticator.authenticate('Bearer a-1');
    time = 100;
    await authenticator.authenticate('Bearer a-1');
    expect(verifier.asked).toBe(2);
  });
});

describe('the static token', () => {
  it('opens with its scopes, and only whole', async () => {
    const verifier = staticBearerVerifier('correct horse battery', ['a:read']);
    expect(await verifier.verify('correct horse battery')).toMatchObject({ principal: { id: 'bearer:static', scopes: ['a:read'] } });
    expect(await verifier.verify('correct horse')).toMatchObject({ refusal: { reason: 'unknown' } });
    expect(await verifier.verify('')).toMatchObject({ refusal: { reason: 'unknown' } });
  });
});
