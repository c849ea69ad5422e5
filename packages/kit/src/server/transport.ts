import type { KitSettings } from '../config/kit-settings.ts';
import { parseAddress } from '../http/address.ts';
import { serveOverHttp } from '../http/serve.ts';
import { UsageError } from '../protocol/errors.ts';
import { serveOverStdio } from '../stdio/serve.ts';
import { createAuthenticatorFor } from './authentication.ts';
import type { Runtime } from './runtime.ts';

/** A transport that is open. */
export interface Serving {
  /** Where HTTP clients find the server; `undefined` on stdio. */
  url: string | undefined;
  /** Resolves when the client has closed the connection for good: only on stdio. */
  ended: Promise<void>;
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
    return { url: undefined, ...serveOverStdio(factory, pipeline.subscriptions, settings, onError) };
  }
  const address = parseAddress(settings.http);
  const authenticator = await createAuthenticatorFor(settings, store);
  if (authenticator === undefined && !address.isLoopback) {
    throw new UsageError(
      `${settings.http} can be reached from other machines, and no authentication is set up. Make an API key with "keys create", set --bearer-token, or listen on loopback.`,
    );
  }
  const http = await serveOverHttp(address, settings, { catalog, pipeline, factory, identity, authenticator, health, log });
  log.info('Serving over HTTP', {
    ...facts,
    url: http.url,
    authentication: authenticator === undefined ? 'none (loopback only)' : 'required',
  });
  return { url: http.url, ended: new Promise(() => undefined), drain: (timeoutMs) => http.drain(timeoutMs) };
}
