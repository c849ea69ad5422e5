import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Organization } from '@fairway-mcp/aws-sample';
import { Dispatcher, type RecordedRequest } from './dispatcher.ts';
import type { Faults } from './faults.ts';
import type { ObjectStore } from './objects.ts';
import type { AwsEmulatorOptions } from './options.ts';
import { readRequest } from './wire/http.ts';
import { sendAnswer } from './wire/send.ts';

/** AWS on a loopback port: the wire formats of several services, and one organization. */
export interface AwsEmulator {
  /** Give this to clients as endpoint: `http://127.0.0.1:1234`. All services answer there. */
  readonly url: string;
  /** Every signed call to a known operation so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  readonly faults: Faults;
  /** What is in the buckets of the organization. */
  readonly objects: ObjectStore;
  clearRequests(): void;
  /** Changes the tags of a resource as someone else would, without a call. @throws RangeError when it does not exist */
  setTags(arn: string, tags: Readonly<Record<string, string>>): void;
  /** Deletes a resource as someone else would, without a call. */
  remove(arn: string): void;
  /** Undoes every write, and removes faults and recorded requests. */
  reset(): void;
  /** Closes the port and every connection, also those that hang. */
  stop(): Promise<void>;
}

const KEEP_ALIVE_MS = 60_000;

/** Starts an emulator on a free loopback port. Its writes change its own copy of the organization only. */
export async function startAwsEmulator(organization: Organization, options: AwsEmulatorOptions = {}): Promise<AwsEmulator> {
  const dispatcher = new Dispatcher(organization, options);
  const closing = new AbortController();
  const server = http.createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, (message, response) => {
    serve(dispatcher, message, response, closing.signal).catch(() => response.destroy());
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: dispatcher.requests,
    faults: dispatcher.faults,
    objects: dispatcher.objects,
    clearRequests() {
      dispatcher.requests.length = 0;
    },
    setTags: (arn, tags) => dispatcher.state.setTags(arn, tags),
    remove: (arn) => dispatcher.state.remove({ arn }),
    reset: () => dispatcher.reset(),
    stop() {
      closing.abort();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      return closed.promise;
    },
  };
}

async function serve(dispatcher: Dispatcher, message: IncomingMessage, response: ServerResponse, closing: AbortSignal): Promise<void> {
  const { answer, delivery, faultMessage } = await dispatcher.handle(await readRequest(message), randomUUID(), closing);
  sendAnswer(response, answer, delivery, faultMessage);
}
