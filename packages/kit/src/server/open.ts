import type { KitSettings } from '../config/kit-settings.ts';
import { parseAddress, serveOverHttp } from '../http/serve.ts';
import { UsageError } from '../protocol/errors.ts';
import { serveOverStdio } from '../stdio/serve.ts';
import { authenticatorFor, type Runtime } from './runtime.ts';

/** A transport that is open. */
export interface Serving {
  /** Where HTTP clients find the server; `undefined` on stdio. */
  url: string | undefined;
  /** Resolves when the other end has no more use for the process. */
  ended: Promise<void>;
  /** Takes no more calls, answers those in flight within the given time, closes. */
  drain(patienceMs: number): Promise<void>;
}

/**
 * Opens the transport that the settings ask for.
 * @throws UsageError when HTTP could be reached by strangers and nobody would have to say who they are.
 */
export async function openTransport(runtime: Runtime, settings: KitSettings): Promise<Serving> {
  const { catalog, dependencies, factory, identity, log, store } = runtime;
  const facts = { version: identity.version, tools: catalog.listed.length };
  if (settings.http === undefined) {
    log.info('Serving over stdio', facts);
    return { url: undefined, ...serveOverStdio(factory, settings, (error) => log.debug('Protocol error', { error: error.message })) };
  }
  const address = parseAddress(settings.http);
  const authenticator = await authenticatorFor(settings, store);
  if (authenticator === undefined && !address.isLoopback) {
    throw new UsageError(
      `${settings.http} can be reached from other machines, and nobody would have to say who they are. Make an API key with "keys create", set --bearer-token, or listen on loopback.`,
    );
  }
  const http = await serveOverHttp(address, settings, { dependencies, factory, identity, authenticator, health: runtime.health });
  log.info('Serving over HTTP', {
    ...facts,
    url: http.url,
    authentication: authenticator === undefined ? 'none (loopback only)' : 'required',
  });
  return { url: http.url, ended: new Promise(() => undefined), drain: (patienceMs) => http.drain(patienceMs) };
}
