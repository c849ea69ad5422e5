import http from 'node:http';
import https from 'node:https';

/** Where telemetry is sent. */
export interface Collector {
  /** Base address of an OTLP/HTTP collector. */
  endpoint: string;
  headers: Record<string, string>;
}

const TIMEOUT_MS = 5_000;

/**
 * Sends no spans to a collector, to see whether it would take some.
 * @throws Error with the reason when it cannot be reached or refuses them
 */
export async function probeCollector({ endpoint, headers }: Collector): Promise<void> {
  const url = new URL(`${endpoint.replace(/\/+$/, '')}/v1/traces`);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const { request } = url.protocol === 'https:' ? https : http;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const sent = request(url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, signal }, (response) => {
    response.resume();
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) resolve();
    else reject(new Error(`it answered with status ${statusCode}`));
  });
  sent.on('error', (error) => reject(signal.aborted ? new Error(`it did not answer within ${TIMEOUT_MS / 1000} s`) : error));
  sent.end('{"resourceSpans":[]}');
  return promise;
}
