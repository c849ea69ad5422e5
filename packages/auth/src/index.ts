export { ACTIVE_KEYS_PER_NAME, type ApiKeyRecord, type ApiKeyRecords, apiKeyVerifier, createApiKey, type NewKey } from './api-keys.ts';
export { covers, isScope, localUser, type Principal } from './principal.ts';
export { staticBearerVerifier } from './static-bearer.ts';
export { type Authenticator, createAuthenticator, type Refusal, refuse, VERDICT_TTL_MS, type Verdict, type Verifier } from './verifier.ts';
