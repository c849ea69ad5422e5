import { describe, expect, it } from 'vitest';
import { staticBearerVerifier } from './static-bearer.ts';
import { AUTH_RESULT_TTL_MS, createAuthenticator, refuse, type Verifier } from './verifier.ts';

/** Accepts every token with the prefix that does not end in `bad`, and counts verifications. */
function countingVerifier(prefix: string, expiresAt?: number): Verifier & { verifications: number } {
  return {
    verifications: 0,
    name: prefix,
    recognises: (token) => token.startsWith(prefix),
    async verify(token) {
      this.verifications += 1;
      if (token.endsWith('bad')) return refuse('unknown', 'no');
      return { principal: { id: token, kind: 'api_key', scopes: [], claims: {} }, ...(expiresAt !== undefined && { expiresAt }) };
    },
  };
}

/** Clocks that the test moves. The wall clock can also be set. */
function testClocks() {
  let [passed, offset] = [0, 0];
  return {
    clocks: { monotonic: () => passed, wall: () => passed + offset },
    pass: (ms: number) => {
      passed += ms;
    },
    setWallClock: (to: number) => {
      offset = to - passed;
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
    const authenticator = createAuthenticator([countingVerifier('a-'), countingVerifier('b-')]);
    expect(await authenticator.authenticate(header)).toMatchObject({ refusal: { reason } });
  });

  it('uses only the first verifier that recognises the token', async () => {
    const [first, second] = [countingVerifier('a-'), countingVerifier('a')];
    const authenticator = createAuthenticator([first, second]);
    expect(await authenticator.authenticate('bearer a-bad')).toMatchObject({ refusal: { reason: 'unknown' } });
    expect([first.verifications, second.verifications]).toEqual([1, 0]);
  });

  it('verifies an accepted token again after a while, and a refused one every time', async () => {
    const { clocks, pass } = testClocks();
    const verifier = countingVerifier('a-');
    const authenticator = createAuthenticator([verifier], clocks);
    for (let call = 0; call < 3; call += 1) await authenticator.authenticate('Bearer a-1');
    expect(verifier.verifications).toBe(1);
    pass(AUTH_RESULT_TTL_MS);
    await authenticator.authenticate('Bearer a-1');
    expect(verifier.verifications).toBe(2);
    for (let call = 0; call < 3; call += 1) await authenticator.authenticate('Bearer a-bad');
    expect(verifier.verifications).toBe(5);
  });

  it('verifies a token again once it has expired', async () => {
    const { clocks, pass } = testClocks();
    const verifier = countingVerifier('a-', 100);
    const authenticator = createAuthenticator([verifier], clocks);
    await authenticator.authenticate('Bearer a-1');
    pass(100);
    await authenticator.authenticate('Bearer a-1');
    expect(verifier.verifications).toBe(2);
  });

  it.each([-86_400_000, 86_400_000])('is not affected by a wall clock that jumps by %d ms', async (jump) => {
    const { clocks, pass, setWallClock } = testClocks();
    const verifier = countingVerifier('a-');
    const authenticator = createAuthenticator([verifier], clocks);
    await authenticator.authenticate('Bearer a-1');
    setWallClock(jump);
    await authenticator.authenticate('Bearer a-1');
    expect(verifier.verifications).toBe(1);
    pass(AUTH_RESULT_TTL_MS);
    await authenticator.authenticate('Bearer a-1');
    expect(verifier.verifications).toBe(2);
  });
});

describe('the static bearer token', () => {
  it('authenticates the exact token with its scopes, and nothing else', async () => {
    const verifier = staticBearerVerifier('correct horse battery', ['a:read']);
    expect(await verifier.verify('correct horse battery')).toMatchObject({ principal: { id: 'bearer:static', scopes: ['a:read'] } });
    expect(await verifier.verify('correct horse')).toMatchObject({ refusal: { reason: 'unknown' } });
    expect(await verifier.verify('')).toMatchObject({ refusal: { reason: 'unknown' } });
  });
});
