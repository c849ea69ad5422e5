import type { IncomingHttpHeaders } from 'node:http';
import { UpstreamError } from './errors.ts';
import type { Outgoing } from './exchange.ts';
import type { HostGuard, Target } from './hosts.ts';
import type { SecretNames } from './redact.ts';
import { isSafeMethod } from './retry.ts';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** About the version of the first URL: at another one they mean something else. */
const CONDITIONS: ReadonlySet<string> = new Set(['if-none-match', 'if-modified-since']);

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

export interface Hops {
  /** Every URL of this request so far. */
  visited: Set<string>;
  max: number;
}

/**
 * The next request of a redirect, checked like the first. Own code: undici's interceptor follows to any host, from https to http
 * too, and drops two headers of those that carry credentials.
 * @throws {UpstreamError}
 */
export function followRedirect(
  outgoing: Outgoing,
  answer: { status: number; headers: IncomingHttpHeaders },
  hops: Hops,
  guard: HostGuard,
  secrets: SecretNames,
): { outgoing: Outgoing; target: Target } {
  const { url, method } = outgoing;
  const refused = (why: string): UpstreamError =>
    new UpstreamError({
      kind: 'upstream_rejected',
      message: `${url.host} answered ${answer.status}: ${why}.`,
      remedy: 'The operator checks the address of the upstream.',
      status: answer.status,
      retryable: false,
    });
  if (!isSafeMethod(method)) throw refused('a redirect, which a request with an effect does not follow');
  if (hops.visited.size > hops.max) throw refused(hops.max === 0 ? 'a redirect, and none is followed' : 'too many redirects');
  const { location } = answer.headers;
  if (!location || !URL.canParse(location, url)) throw refused('a redirect that does not say where to');
  const next = new URL(location, url);
  next.hash = '';
  if (url.protocol === 'https:' && next.protocol !== 'https:') throw refused('a redirect from https to http');
  const target = checkHop(guard, next, refused);
  if (hops.visited.has(next.href)) throw refused('a redirect that leads in a circle');
  hops.visited.add(next.href);
  const dropped = (name: string): boolean => CONDITIONS.has(name) || (next.origin !== url.origin && secrets.isSecret(name));
  const headers = Object.fromEntries(Object.entries(outgoing.headers).filter(([name]) => !dropped(name)));
  return { outgoing: { ...outgoing, url: target.url, headers }, target };
}

/** The error of the guard names the host, which here the upstream has chosen. */
function checkHop(guard: HostGuard, next: URL, refused: (why: string) => UpstreamError): Target {
  try {
    return guard.check(next);
  } catch {
    throw refused('a redirect to a place that this server may not reach');
  }
}
