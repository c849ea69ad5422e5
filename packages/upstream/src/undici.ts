/**
 * The parts of undici that are used here, file by file: its index loads fetch, WebSocket, caches and mocks as well, which is
 * 33 MB of memory where these are 19. The version is pinned.
 */
import type { Dispatcher, interceptors } from 'undici';
import sendRequest from 'undici/lib/api/api-request.js';
import createConnect from 'undici/lib/core/connect.js';
import UndiciPool from 'undici/lib/dispatcher/pool.js';
import createDecompress from 'undici/lib/interceptor/decompress.js';

export const Pool = UndiciPool;
export type Pool = InstanceType<typeof UndiciPool>;
export const buildConnector = createConnect;

/** Makes bodies what they were before they were compressed. */
export function decompress(options: Parameters<typeof interceptors.decompress>[0]): Dispatcher.DispatcherComposeInterceptor {
  return createDecompress(options);
}

/** `dispatcher.request(options)`, which undici's index would have added. */
export function request(dispatcher: Dispatcher, options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
  return sendRequest.call(dispatcher, options);
}
