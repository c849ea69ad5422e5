/** Who is calling. One type for every way of finding out. */
export interface Principal {
  /** Stable and unique among all kinds: `local`, `api_key:k3x9…`, `bearer:static`. Never a secret. */
  id: string;
  kind: 'local' | 'api_key' | 'bearer' | 'oauth';
  /** What they may do: `weather:read`, `weather:*` or `*`. */
  scopes: readonly string[];
  /** What else the credential says (name of the key, subject of the token). Never a secret. */
  claims: Readonly<Record<string, string>>;
}

/** The person at this machine, who started the process: on stdio nobody else can be calling. */
export const localUser: Principal = Object.freeze({ id: 'local', kind: 'local', scopes: Object.freeze(['*']), claims: Object.freeze({}) });

/** Whether one of the granted scopes includes the needed one. `*` includes everything, `weather:*` everything of weather. */
export function hasScope(granted: readonly string[], needed: string): boolean {
  const service = needed.slice(0, needed.indexOf(':') + 1);
  return granted.some((scope) => scope === needed || scope === '*' || (service !== '' && scope === `${service}*`));
}

/** Whether a text has the form of a scope. */
export function isScope(text: string): boolean {
  return text === '*' || /^[a-z][a-z0-9-]*:(\*|[a-z][a-z0-9-]*)$/.test(text);
}
