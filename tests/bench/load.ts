/**
 * The load generator, a process of its own: receives one {@link Load} from its parent and answers with a {@link LoadResult}.
 * Every response must have status 200 and a body as long as the first one, whose content is checked.
 */
import { bodyOf, HttpConnection, openSession, type Response } from './http-connection.ts';
import { type Era, type McpRequest, requestBytes } from './requests.ts';

export interface Load {
  url: string;
  request: McpRequest;
  era: Era;
  /** Sent with every request: the credential. */
  headers: Record<string, string>;
  connections: number;
  seconds: number;
}

export interface LoadResult {
  requests: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

async function measure({ url: text, request, era, headers, connections, seconds }: Load): Promise<LoadResult> {
  const url = new URL(text);
  const clients = await Promise.all(
    Array.from({ length: connections }, async (_, index) =>
      prepare(await HttpConnection.open(url), url, request, era, { id: index + 1, headers }),
    ),
  );
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(clients.map((client) => sendUntil(end, client, latencies)));
  const elapsed = (performance.now() - start) / 1000;
  for (const { connection } of clients) connection.close();
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { requests: latencies.length, seconds: elapsed, p50Ms: at(0.5), p99Ms: at(0.99) };
}

interface Client {
  connection: HttpConnection;
  request: Buffer;
  /** Of a correct response. The head is left out: it contains the date. */
  bodyLength: number;
}

/** Opens a session where the protocol has them, sends one request, and checks the answer. */
async function prepare(
  connection: HttpConnection,
  url: URL,
  request: McpRequest,
  era: Era,
  { id, headers }: { id: number; headers: Record<string, string> },
): Promise<Client> {
  const session = era === 'legacy' ? await openSession(connection, url, headers) : {};
  const bytes = requestBytes(url, request, era, { id, headers: { ...headers, ...session } });
  const response = await connection.send(bytes);
  if (response.status !== 200 || !response.bytes.includes(request.marker) || !response.bytes.includes('"result"'))
    throw new Error(`Wrong answer to ${request.method}: ${response.bytes.toString('utf8').slice(0, 600)}`);
  return { connection, request: bytes, bodyLength: bodyOf(response).length };
}

function sendUntil(end: number, { connection, request, bodyLength }: Client, latencies: number[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let sentAt = 0;
  const next = () => {
    sentAt = performance.now();
    connection.sendThen(request, onResponse, reject);
  };
  const onResponse = (response: Response) => {
    const now = performance.now();
    if (response.status !== 200 || bodyOf(response).length !== bodyLength)
      return reject(new Error(`A response differs from the first one: ${response.bytes.toString('utf8').slice(0, 600)}`));
    latencies.push(now - sentAt);
    if (now < end) next();
    else resolve();
  };
  next();
  return promise;
}

process.once('message', (load: Load) => {
  measure(load).then(
    (result) => process.send?.(result, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
});
