import http from 'node:http';
import net from 'node:net';
import { hasAnyScope, stateOfKey } from '@fairway-mcp/auth';
import { createApiKeyTable, type Database } from '@fairway-mcp/store';
import type { KitSettings } from '../config/kit-settings.ts';
import type { Finding } from '../define/server.ts';
import { type Address, parseAddress } from '../http/address.ts';
import { UsageError } from '../protocol/errors.ts';
import { rejectIfReachable } from '../server/transport.ts';

/** How long a server that listens already may take to say which one it is. */
const TIMEOUT_MS = 3_000;

/** Whether the server could serve over HTTP as the settings say, and whether somebody could call it then. */
export async function checkHttp(server: string, settings: KitSettings & { http: string }, store: Database): Promise<Finding> {
  try {
    const address = parseAddress(settings.http);
    const callers = await checkCallers(server, address, settings, store);
    const place = await checkPlace(server, address, settings.http);
    return { name: 'http', ok: true, detail: `${place} ${callers}` };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { name: 'http', ok: false, detail: error.message };
  }
}

/** @returns who may call, as a sentence. @throws UsageError when nobody can, or everybody could */
async function checkCallers(server: string, address: Address, settings: KitSettings, store: Database): Promise<string> {
  if (settings.bearerToken !== undefined) return 'Callers need a key or the shared token.';
  const keys = await (await createApiKeyTable(store)).list();
  if (keys.length === 0) {
    rejectIfReachable(address, settings);
    return 'Callers need no key, on this machine only.';
  }
  const now = Date.now();
  const active = keys.filter((key) => stateOfKey(key, now) === 'active');
  if (active.length === 0)
    throw new UsageError('Every API key is revoked or has expired, and there is no token: nobody can call. Make a key with "keys create".');
  const useful = active.filter(({ scopes }) => hasAnyScope(scopes.split(' '), server));
  if (useful.length === 0)
    throw new UsageError(`No API key has a scope of this server: nobody can call. Make one with "keys create --scopes ${server}:read".`);
  return `Callers need one of ${useful.length} API ${useful.length === 1 ? 'key' : 'keys'}.`;
}

/** @returns whether the address is free, as a sentence. @throws UsageError when it is not, and the one who listens is another server */
async function checkPlace(server: string, address: Address, shown: string): Promise<string> {
  const code = await tryToListen(address);
  if (code === undefined) return `${shown} can be listened on.`;
  if (code !== 'EADDRINUSE')
    throw new UsageError(
      `${shown} cannot be listened on (${code}). Choose an address of this machine, and a port that this user may use, with --http.`,
    );
  if ((await whoListens(address)) === server) return `This server is serving at ${shown} already.`;
  throw new UsageError(`Another program listens on ${shown}: port ${address.port} is taken. Stop it, or choose another port with --http.`);
}

/** @returns the code of the error, or nothing where it would work */
function tryToListen({ host, port }: Address): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const probe = net.createServer();
  probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  return promise;
}

/** @returns the name of the Fairway server that answers there, if one does */
function whoListens({ host, port }: Address): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const loopback = new Map([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
  ]);
  const request = http.get(
    { host: loopback.get(host) ?? host, port, path: '/health', signal: AbortSignal.timeout(TIMEOUT_MS) },
    (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > 100_000) request.destroy();
      });
      response.on('end', () => resolve(/"name":"([a-z0-9-]+)"/.exec(text)?.[1]));
      response.on('error', () => resolve(undefined));
    },
  );
  request.on('error', () => resolve(undefined));
  return promise;
}
