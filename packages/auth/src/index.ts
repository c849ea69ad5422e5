export {
  ACTIVE_KEYS_PER_NAME,
  type ApiKeyRecord,
  type ApiKeyRecords,
  apiKeyVerifier,
  createApiKey,
  type NewKey,
  principalIdOfKey,
  stateOfKey,
} from './api-keys.ts';
export { hasAnyScope, hasScope, isScope, localUser, type Principal } from './principal.ts';
export { RefusalLimiter } from './refusals.ts';
export { staticBearerVerifier } from './static-bearer.ts';
export {
  AUTH_RESULT_TTL_MS,
  type Authenticator,
  type AuthResult,
  createAuthenticator,
  faultOfToken,
  type Refusal,
  refuse,
  type Verifier,
} from './verifier.ts';
