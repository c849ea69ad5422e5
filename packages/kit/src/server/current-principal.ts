import { type Principal, principalIdOfKey, stateOfKey } from '@fairway-mcp/auth';
import type { ApiKeyTable } from '@fairway-mcp/store';
import type { KitSettings } from '../config/kit-settings.ts';

/**
 * What a principal may do now, long after it was authenticated.
 * @returns the principal, without any scope once its credential is gone
 */
export type CurrentPrincipal = (principal: Principal) => Promise<Principal>;

/** An API key that was rotated is the same principal: then the scopes of its newest key count. */
export function createCurrentPrincipal(
  keys: ApiKeyTable,
  { http, bearerToken }: Pick<KitSettings, 'http' | 'bearerToken'>,
): CurrentPrincipal {
  async function ofApiKey(principal: Principal): Promise<Principal> {
    const now = Date.now();
    const active = (await keys.list()).filter((key) => principalIdOfKey(key.name) === principal.id && stateOfKey(key, now) === 'active');
    const isUnchanged = active.some(({ id }) => id === principal.claims.key);
    return isUnchanged ? principal : { ...principal, scopes: active.at(-1)?.scopes.split(' ') ?? [] };
  }

  return async (principal) => {
    if (principal.kind === 'api_key') return ofApiKey(principal);
    // Over stdio there is no token to compare with: the task was started by another process of the same user.
    const isGone = principal.kind === 'bearer' && http !== undefined && bearerToken === undefined;
    return isGone ? { ...principal, scopes: [] } : principal;
  };
}
