import { isIP } from 'node:net';
import { type AddressPolicy, isAllowedAddress } from './addresses.ts';
import { UpstreamError } from './errors.ts';

/** A host that a server reaches, as its definition declares it. */
export interface HostRule {
  /**
   * `api.example.com`, `*.example.com` (any one label in front), `api.example.com:8443`, `http://intranet.example:3100`. HTTPS
   * unless `http://` stands in front; the scheme's own port unless one is named.
   */
  host: string;
  /** What for, in a few words: READMEs, `--help` and the registry entry show it. */
  why: string;
  /** The operator runs this host: it may have a private or loopback address. Never for a host that comes from a caller. */
  private?: boolean;
  /** Of each origin that this rule allows; instead of the client's. */
  limits?: OriginLimits;
  /** Headers and query parameters whose values are secrets, beyond the usual ones. */
  secretNames?: readonly string[];
  /** The path itself is a secret (a webhook's URL): no log line and no span shows it. */
  secretPath?: boolean;
}

/** What an upstream takes. */
export interface OriginLimits {
  /** Requests in flight, which is also the size of the pool. */
  concurrency?: number;
  /** Requests that wait for one of them. */
  maxQueued?: number;
  requestsPerSecond?: number;
}

export interface Target {
  url: URL;
  rule: HostRule;
  policy: AddressPolicy;
}

/** Finds the rule that allows a URL. */
export interface HostGuard {
  readonly rules: readonly HostRule[];
  /** @throws {UpstreamError} `forbidden`, naming what is wrong with the URL; the URL itself is not in the message. */
  check(url: string | URL): Target;
}

interface ParsedRule {
  rule: HostRule;
  protocol: string;
  /** Without the `*.` of a wildcard. */
  hostname: string;
  wildcard: boolean;
  port: string;
}

/** @throws {TypeError} when a rule is not understood: the server's definition, or the operator's setting, is wrong. */
export function createHostGuard(rules: readonly HostRule[], allowPrivateAddresses = false): HostGuard {
  const parsed = rules.map(parseRule);
  return {
    rules,
    check(input) {
      const url = parseUrl(input);
      rejectOddities(url);
      const found = parsed.find((candidate) => matches(candidate, url));
      if (!found) throw refused(`${describeHost(url)} is not among the hosts that this server may reach`, declaredHosts(rules));
      const policy = found.rule.private || allowPrivateAddresses ? 'private' : 'public';
      const literal = bareHost(url);
      if (isIP(literal) && !isAllowedAddress(literal, policy)) throw addressRefused(url.hostname);
      return { url, rule: found.rule, policy };
    },
  };
}

/** The error for a name or a URL that leads to an address which may not be connected to. */
export function addressRefused(hostname: string): UpstreamError {
  return refused(
    `${hostname} has an address that may not be reached: private, local or reserved`,
    'Check the name in DNS; an operator declares a private host in the settings',
  );
}

/** The hostname without the brackets of an IPv6 address. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function parseRule(rule: HostRule): ParsedRule {
  const form = /^(?:(https?):\/\/)?(\*\.)?([^/?#@*\s]+)$/i.exec(rule.host);
  const [, scheme = 'https', star, rest = ''] = form ?? [];
  const origin = `${scheme.toLowerCase()}://${rest}`;
  if (!form || !URL.canParse(origin))
    throw new TypeError(`"${rule.host}" is no host: say api.example.com, *.example.com or http://host:port.`);
  const { protocol, hostname, port } = new URL(origin);
  const wildcard = star !== undefined;
  if (wildcard && (isIP(hostname) || !hostname.includes('.')))
    throw new TypeError(`"${rule.host}" allows too much: a wildcard stands in front of a domain of at least two labels.`);
  if (hostname.endsWith('.')) throw new TypeError(`"${rule.host}" ends with a dot: leave it out.`);
  return { rule, protocol, hostname, wildcard, port };
}

function matches({ protocol, hostname, wildcard, port }: ParsedRule, url: URL): boolean {
  if (url.protocol !== protocol || url.port !== port) return false;
  if (!wildcard) return url.hostname === hostname;
  const label = url.hostname.slice(0, -hostname.length - 1);
  return url.hostname === `${label}.${hostname}` && /^[a-z0-9_-]+$/.test(label);
}

function parseUrl(input: string | URL): URL {
  if (input instanceof URL) return new URL(input);
  if (!URL.canParse(input)) throw refused('The address of the request is no URL', 'Pass an absolute https URL');
  return new URL(input);
}

function rejectOddities(url: URL): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refused('The URL is neither https nor http', 'Pass an absolute https URL');
  if (url.username || url.password)
    throw refused('The URL carries a user name or a password', 'Pass credentials in the Authorization header');
  if (url.hostname.endsWith('.')) throw refused('The host of the URL ends with a dot', 'Leave the dot out');
}

function describeHost(url: URL): string {
  const shown = url.host.length > 100 ? `${url.host.slice(0, 100)}…` : url.host;
  return url.protocol === 'http:' ? `http://${shown}` : shown;
}

function declaredHosts(rules: readonly HostRule[]): string {
  if (rules.length === 0) return 'It declares no host';
  return `It declares ${rules.map(({ host }) => host).join(', ')}`;
}

function refused(message: string, remedy: string): UpstreamError {
  return new UpstreamError({ kind: 'forbidden', message: `${message}.`, remedy: `${remedy}.`, retryable: false });
}
