import type { IncomingHttpHeaders } from 'node:http';
import { validateHostHeader, validateOriginHeader } from '@modelcontextprotocol/server';

/** Why a request is rejected. */
export interface Rejection {
  status: number;
  message: string;
}

export interface Guard {
  /** Checks Host and Origin, against DNS rebinding: a web page must not reach a server on its reader's machine under another name. */
  check(headers: IncomingHttpHeaders): Rejection | undefined;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const HOST = String.raw`(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::\d*)?`;
/** The SDK reads both headers as parts of a URL, so that `a@localhost` and `localhost#.evil.example` would be localhost. */
const WELL_FORMED_HOST = new RegExp(`^${HOST}$`, 'i');
/** RFC 6454: a scheme, a host and a port, and nothing else. Browsers send `null` or this, never an empty one. */
const WELL_FORMED_ORIGIN = new RegExp(`^[a-z][a-z0-9+.-]*://${HOST}$`, 'i');
const MAX_REMEMBERED = 1000;

/** @param hosts and @param origins host names besides loopback, without ports. */
export function createGuard(hosts: readonly string[], origins: readonly string[]): Guard {
  const allowedHosts = [...LOOPBACK, ...hosts];
  const allowedOrigins = [...LOOPBACK, ...origins];
  const isAllowedHost = remembered((host) => WELL_FORMED_HOST.test(host) && validateHostHeader(host, allowedHosts).ok);
  const isAllowedOrigin = remembered((origin) => WELL_FORMED_ORIGIN.test(origin) && validateOriginHeader(origin, allowedOrigins).ok);
  return {
    check({ host, origin }) {
      if (host === undefined || !isAllowedHost(host)) {
        return { status: 403, message: 'This server does not answer under that Host. The operator can allow it with --allowed-hosts.' };
      }
      if (origin !== undefined && !isAllowedOrigin(origin)) {
        return {
          status: 403,
          message: 'This server does not answer pages of that Origin. The operator can allow it with --allowed-origins.',
        };
      }
      return undefined;
    },
  };
}

/** The same few values repeat; a limit keeps other values from filling the memory. */
function remembered(check: (value: string) => boolean): (value: string) => boolean {
  const results = new Map<string, boolean>();
  return (value) => {
    const known = results.get(value);
    if (known !== undefined) return known;
    const result = check(value);
    if (results.size < MAX_REMEMBERED) results.set(value, result);
    return result;
  };
}
