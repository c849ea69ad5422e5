import { createHash, timingSafeEqual } from 'node:crypto';
import { refuse, type Verifier } from './verifier.ts';

/** One shared token from the configuration, for a single user behind a proxy. API keys are better: they expire and identify their holder. */
export function staticBearerVerifier(token: string, scopes: readonly string[]): Verifier {
  const expected = digest(token);
  return {
    name: 'static bearer token',
    recognises: () => true,
    async verify(presented) {
      if (!timingSafeEqual(digest(presented), expected)) return refuse('unknown', 'The token is not the one that this server expects.');
      return { principal: { id: 'bearer:static', kind: 'bearer', scopes, claims: {} } };
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
