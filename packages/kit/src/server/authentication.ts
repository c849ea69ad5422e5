import { type Authenticator, apiKeyVerifier, createAuthenticator, staticBearerVerifier } from '@fairway-mcp/auth';
import { createApiKeyTable, type Database } from '@fairway-mcp/store';
import type { KitSettings } from '../config/kit-settings.ts';

/**
 * Accepts holders of API keys, once one has been created, and of the shared token, when one is set.
 * @returns `undefined` when there is neither.
 */
export async function createAuthenticatorFor(settings: KitSettings, store: Database): Promise<Authenticator | undefined> {
  const keys = await createApiKeyTable(store);
  const hasKeys = (await keys.list()).length > 0;
  const { bearerToken, bearerScopes } = settings;
  const verifiers = [
    ...(hasKeys ? [apiKeyVerifier(keys)] : []),
    ...(bearerToken === undefined ? [] : [staticBearerVerifier(bearerToken, bearerScopes)]),
  ];
  return verifiers.length === 0 ? undefined : createAuthenticator(verifiers);
}
