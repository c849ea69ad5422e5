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
const MAX_REMEMBERED = 1000;

/** @param hosts and @param origins host names besides loopback, without ports. */
export function createGuard(hosts: readonly string[], origins: readonly string[]): Guard {
  const allowedHosts = [...LOOPBACK, ...hosts];
  const allowedOrigins = [...LOOPBACK, ...origins];
  const isAllowedHost = remembered((host) => validateHostHeader(host, allowedHosts).ok);
  const isAllowedOrigin = remembered((origin) => validateOriginHeader(origin, allowedOrigins).ok);
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
