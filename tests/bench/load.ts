/**
 * The load generator, a process of its own: takes one {@link Load} over its channel, answers with a {@link Measured}.
 * Every answer must have status 200 and the length of the first one, which is looked at closely.
 */
import { bodyOf, Connection, openSession, type Response } from './connection.ts';
import { type Era, type Question, requestBytes } from './requests.ts';

export interface Load {
  url: string;
  question: Question;
  era: Era;
  /** Sent with every request: the credential. */
  headers: Record<string, string>;
  connections: number;
  seconds: number;
}

export interface Measured {
  requests: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

async function measure({ url: text, question, era, headers, connections, seconds }: Load): Promise<Measured> {
  const url = new URL(text);
  const clients = await Promise.all(
    Array.from({ length: connections }, async (_, index) =>
      prepare(await Connection.open(url), url, question, era, { id: index + 1, headers }),
    ),
  );
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(clients.map((client) => askUntil(end, client, latencies)));
  const took = (performance.now() - start) / 1000;
  for (const { connection } of clients) connection.close();
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { requests: latencies.length, seconds: took, p50Ms: at(0.5), p99Ms: at(0.99) };
}

interface Client {
  connection: Connection;
  request: Buffer;
  /** Length of a right answer, without its head: heads hold the date, and sizes of their own. */
  bodyLength: number;
}

/** Opens a session where the server has them, asks once, and looks at the answer. */
async function prepare(
  connection: Connection,
  url: URL,
  question: Question,
  era: Era,
  { id, headers }: { id: number; headers: Record<string, string> },
): Promise<Client> {
  const session = era === 'legacy' ? await openSession(connection, url, headers) : {};
  const request = requestBytes(url, question, era, { id, headers: { ...headers, ...session } });
  const response = await connection.ask(request);
  if (response.status !== 200 || !response.bytes.includes(question.marker) || !response.bytes.includes('"result"'))
    throw new Error(`The server did not answer ${question.method} rightly: ${response.bytes.toString('utf8').slice(0, 600)}`);
  return { connection, request, bodyLength: bodyOf(response).length };
}

function askUntil(end: number, { connection, request, bodyLength }: Client, latencies: number[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let asked = 0;
  const next = () => {
    asked = performance.now();
    connection.askThen(request, answered, reject);
  };
  const answered = (response: Response) => {
    const now = performance.now();
    if (response.status !== 200 || bodyOf(response).length !== bodyLength)
      return reject(new Error(`An answer differs from the first one: ${response.bytes.toString('utf8').slice(0, 600)}`));
    latencies.push(now - asked);
    if (now < end) next();
    else resolve();
  };
  next();
  return promise;
}

process.once('message', (load: Load) => {
  measure(load).then(
    (measured) => process.send?.(measured, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
});
