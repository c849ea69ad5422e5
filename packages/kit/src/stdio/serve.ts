import type { Readable, Writable } from 'node:stream';
import { localUser } from '@fairway-mcp/auth';
import type { Server, ServerContext } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Subscriptions } from '../pipeline/subscriptions.ts';
import type { Caller } from '../protocol/caller.ts';
import { MODERN_VERSION } from '../protocol/versions.ts';
import { capabilitiesOf, type SdkServerFactory } from '../sdk/sdk-server.ts';
import { ListenTransport } from './listen-transport.ts';
import { type StdioEnd, StdioWire, type WireLimits } from './wire.ts';

export interface StdioServing {
  /** Resolves when the client has closed stdin, or does not read its answers. */
  ended: Promise<StdioEnd>;
  /** Answers what is in flight, then closes. */
  drain(timeoutMs: number): Promise<void>;
}

/** Serves one client over this process's stdin and stdout, in whichever protocol era it speaks. */
export function serveOverStdio(
  factory: SdkServerFactory,
  subscriptions: Subscriptions | undefined,
  limits: WireLimits,
  onError: (error: Error) => void,
  streams: { input: Readable; output: Writable } = { input: process.stdin, output: process.stdout },
): StdioServing {
  const wire = new StdioWire(streams.input, streams.output, limits);
  const transport = subscriptions === undefined ? wire : new ListenTransport(wire, subscriptions);
  const openSession = () => subscriptions?.openSession(localUser, (notification) => wire.send(notification));
  const serving = serveStdio(({ era }) => factory(callerOf, era === 'modern' ? 'listen' : openSession()), { transport, onerror: onError });
  return {
    ended: wire.ended,
    async drain(timeoutMs) {
      await wire.drain(timeoutMs);
      await serving.close();
    },
  };
}

function callerOf(context: ServerContext, server: Server): Caller {
  const { mcpReq } = context;
  return {
    principal: localUser,
    era: mcpReq.envelope === undefined ? 'legacy' : 'modern',
    transport: 'stdio',
    capabilities: capabilitiesOf(context, server),
    meta: mcpReq._meta,
    signal: mcpReq.signal,
    facts: () => ({
      transport: 'pipe',
      requestId: mcpReq.id,
      ...(mcpReq.envelope === undefined ? { protocolVersion: server.getNegotiatedProtocolVersion() } : { protocolVersion: MODERN_VERSION }),
    }),
    notify: (method, params) => {
      // There is no one to report to when a notification cannot be delivered.
      mcpReq.notify({ method, params } as Parameters<typeof mcpReq.notify>[0]).catch(() => undefined);
    },
    inputResponses: mcpReq.inputResponses,
    requestState: mcpReq.requestState(),
  };
}
