const MASK = '[redacted]';

/** Names whose values are secrets in every API. A server adds its own. */
const SECRET_NAME =
  /^(?:sig|key|code|auth|jwt|appid)$|secret|passw|token|authorization|api[_-]?key|app[_-]?id|credential|cookie|signature|session/i;

/** Which headers and query parameters carry secrets. */
export interface SecretNames {
  isSecret(name: string): boolean;
}

/** @param names header and query names that the server declares as secret, in any case */
export function createSecretNames(names: readonly string[] = []): SecretNames {
  const declared = new Set(names.map((name) => name.toLowerCase()));
  return { isSecret: (name) => declared.has(name.toLowerCase()) || SECRET_NAME.test(name) };
}

/** A URL as logs and spans may show it: no user, no fragment, and of a secret parameter only the name. */
export function redactUrl(url: URL, secrets: SecretNames, secretPath = false): string {
  if (secretPath) return `${url.origin}/${MASK}`;
  const query = [...url.searchParams].map(([name, value]) => {
    const shown = secrets.isSecret(name) ? MASK : encodeURIComponent(value);
    return `${encodeURIComponent(name)}=${shown}`;
  });
  return `${url.origin}${url.pathname}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}
