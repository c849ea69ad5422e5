import type { IncomingHttpHeaders } from 'node:http';
import { validateHostHeader, validateOriginHeader } from '@modelcontextprotocol/server';

/** Why a request may not come in at all. */
export interface Refused {
  status: number;
  message: string;
}

export interface Guard {
  /** Judges Host and Origin: a web page must not reach a server on its reader's machine under a borrowed name. */
  judge(headers: IncomingHttpHeaders): Refused | undefined;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const REMEMBERED = 1000;

/** @param hosts and @param origins host names besides loopback, without ports. */
export function createGuard(hosts: readonly string[], origins: readonly string[]): Guard {
  const allowedHosts = [...LOOPBACK, ...hosts];
  const allowedOrigins = [...LOOPBACK, ...origins];
  const isAllowedHost = remembered((host) => validateHostHeader(host, allowedHosts).ok);
  const isAllowedOrigin = remembered((origin) => validateOriginHeader(origin, allowedOrigins).ok);
  return {
    judge({ host, origin }) {
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

/** The same few values come again and again; strangers' values do not fill the memory. */
function remembered(judge: (value: string) => boolean): (value: string) => boolean {
  const verdicts = new Map<string, boolean>();
  return (value) => {
    const known = verdicts.get(value);
    if (known !== undefined) return known;
    const verdict = judge(value);
    if (verdicts.size < REMEMBERED) verdicts.set(value, verdict);
    return verdict;
  };
}
