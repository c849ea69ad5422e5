/** The authenticated caller, whatever the kind of credential. */
export interface Principal {
  /** Stable and unique among all kinds: `local`, `api_key:NAME`, `bearer:static`. Never a secret. */
  id: string;
  kind: 'local' | 'api_key' | 'bearer' | 'oauth';
  /** Granted scopes: `weather:read`, `weather:*` or `*`. */
  scopes: readonly string[];
  /** Further facts from the credential, such as the id of the key or the subject of the token. Never a secret. */
  claims: Readonly<Record<string, string>>;
}

/** The user who started the process: the only possible caller over stdio. */
export const localUser: Principal = Object.freeze({ id: 'local', kind: 'local', scopes: Object.freeze(['*']), claims: Object.freeze({}) });

/** Whether one of the granted scopes includes the needed one. `*` includes every scope, `weather:*` every scope of `weather`. */
export function hasScope(granted: readonly string[], needed: string): boolean {
  const service = needed.slice(0, needed.indexOf(':') + 1);
  return granted.some((scope) => scope === needed || scope === '*' || (service !== '' && scope === `${service}*`));
}

/** Whether one of the granted scopes is of the service, whatever it allows there. */
export function hasAnyScope(granted: readonly string[], service: string): boolean {
  return granted.some((scope) => scope === '*' || scope.startsWith(`${service}:`));
}

/** Whether a text has the form of a scope. */
export function isScope(text: string): boolean {
  return text === '*' || /^[a-z][a-z0-9-]*:(\*|[a-z][a-z0-9-]*)$/.test(text);
}
