import { isSensitiveName } from '@fairway-mcp/telemetry';
import type { Setting } from './settings.ts';

/** What must never be shown of a setting's value. Addresses can contain credentials in any setting. */
export function secretsOf({ secret }: Setting, value: unknown): string[] {
  const texts = (Array.isArray(value) ? value : [value]).filter((text) => typeof text === 'string');
  const found = texts.flatMap((text) => (secret ? [text, ...text.split(/[,=\s]+/), ...credentialsIn(text)] : credentialsIn(text)));
  return [...new Set(found)].filter((part) => part !== '');
}

/**
 * The credentials in an address: its password, and parameters that are sensitive by their name. On the web a user without a password is
 * usually a token; in other addresses it is a name that may appear anywhere (`postgres`).
 */
function credentialsIn(text: string): string[] {
  const address = URL.parse(text);
  if (address === null) return [];
  const { protocol, username, password, searchParams } = address;
  const sensitive = [...searchParams].flatMap(([name, value]) => (isSensitiveName(name) ? [value] : []));
  const user = password === '' && /^https?:$/.test(protocol) ? username : password;
  return [user, decoded(user), ...sensitive, ...sensitive.map(encodeURIComponent)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
