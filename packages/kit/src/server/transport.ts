import type { KitSettings } from '../config/kit-settings.ts';
import { type Address, isLoopbackName, parseAddress } from '../http/address.ts';
import { serveOverHttp } from '../http/serve.ts';
import { UsageError } from '../protocol/errors.ts';
import { serveOverStdio } from '../stdio/serve.ts';
import type { StdioEnd, WireLimits } from '../stdio/wire.ts';
import { createAuthentication } from './authentication.ts';
import type { Runtime } from './runtime.ts';

/** A transport that is open. */
export interface Serving {
  /** Where HTTP clients find the server; `undefined` on stdio. */
  url: string | undefined;
  /** Resolves when the connection to the client has ended for good: only on stdio. */
  ended: Promise<StdioEnd>;
  /** Takes no more calls, answers those in flight within the given time, closes. */
  drain(timeoutMs: number): Promise<void>;
}

/**
 * Opens the transport that the settings choose.
 * @throws UsageError when HTTP could be reached from other machines without authentication.
 */
export async function openTransport(runtime: Runtime, settings: KitSettings): Promise<Serving> {
  const { catalog, pipeline, factory, identity, health, log, store } = runtime;
  const facts = { version: identity.version, tools: catalog.listed.length };
  if (settings.http === undefined) {
    log.info('Serving over stdio', facts);
    const onError = (error: Error) => log.debug('Protocol error', { error: error.message });
    return { url: undefined, ...serveOverStdio(factory, pipeline.subscriptions, wireLimits(settings), onError) };
  }
  const address = parseAddress(settings.http);
  const authentication = await createAuthentication(settings, store);
  if (!authentication.isRequired) rejectIfReachable(address, settings);
  const http = await serveOverHttp(address, settings, { catalog, pipeline, factory, identity, authenticator: authentication, health, log });
  log.info('Serving over HTTP', {
    ...facts,
    url: http.url,
    authentication: authentication.isRequired ? 'required' : 'none until a key exists (loopback only)',
  });
  return { url: http.url, ended: new Promise(() => undefined), drain: (timeoutMs) => http.drain(timeoutMs) };
}

const PAUSE_UNREAD_BYTES = 1_048_576;
const MAX_UNREAD_BYTES = 64 * 1_048_576;

/** Requests in flight beside the calls that may run: pings, lists, calls that are being recorded. */
const MORE_IN_FLIGHT = 64;

/**
 * A stdio client counts as stalled after as long as an HTTP connection on which nothing moves. The answers to what is in flight may always be
 * unread: a client that reads must not be ended for asking a lot at once.
 */
function wireLimits({ maxBodyBytes, maxJsonDepth, maxConcurrency, responseBudgetBytes, ...settings }: KitSettings): WireLimits {
  const stallMs = (settings.requestSeconds + settings.deadlineSeconds) * 1000;
  const maxInFlight = maxConcurrency + MORE_IN_FLIGHT;
  const maxBytes = MAX_UNREAD_BYTES + maxInFlight * responseBudgetBytes;
  return { maxBodyBytes, maxJsonDepth, maxInFlight, unread: { pauseBytes: PAUSE_UNREAD_BYTES, maxBytes, stallMs } };
}

/** @throws UsageError when other machines can reach the server: there, everyone would be the local user. */
export function rejectIfReachable(address: Address, { http, allowedHosts }: KitSettings): void {
  const name = allowedHosts.find((host) => !isLoopbackName(host));
  if (address.isLoopback && name === undefined) return;
  const reason = address.isLoopback
    ? `--allowed-hosts lets callers reach this server as "${name}"`
    : `${http} can be reached from other machines`;
  throw new UsageError(
    `${reason}, and no authentication is set up. Make an API key with "keys create", set --bearer-token, or serve loopback only.`,
  );
}
