import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { localUser } from '@fairway-mcp/auth';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type Server, type ServerContext } from '@modelcontextprotocol/server';
import { onTestFinished } from 'vitest';
import type { Caller } from '../../src/protocol/caller.ts';
import { capabilitiesOf } from '../../src/sdk/sdk-server.ts';
import { events, type Json, send } from '../support/http.ts';
import { serveFixture } from '../support/serve.ts';
import type { Question } from './questions.ts';

/** An answer, reduced to what a client can observe and what does not change from run to run. */
export interface Answer {
  status: number;
  type: 'json' | 'stream' | 'none';
  /** The JSON-RPC messages, in order. */
  messages: Json[];
  allow: string | undefined;
}

export interface Sides {
  /** Whether clients of the older protocol get sessions from the kit. */
  hasSessions: boolean;
  kit(question: Question): Promise<Answer>;
  sdk(question: Question): Promise<Answer>;
}

/** The same definition behind the kit's HTTP transport and behind the SDK's own handler, with the same services. */
export async function openSides(hasSessions: boolean): Promise<Sides & { url: string }> {
  const { runtime, url } = await serveFixture(['--rate-limit', '0', ...(hasSessions ? [] : ['--stateless'])]);
  const handler = createMcpHandler(() => runtime.factory(callerOf));
  const server = http.createServer(toNodeHandler(handler));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await handler.close();
  });
  const sdkUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  return { url, hasSessions, kit: (question) => ask(url, question), sdk: (question) => ask(sdkUrl, question) };
}

function callerOf(context: ServerContext, server: Server): Caller {
  const { mcpReq } = context;
  return {
    principal: localUser,
    era: mcpReq.envelope === undefined ? 'legacy' : 'modern',
    transport: 'http',
    capabilities: capabilitiesOf(context, server),
    meta: mcpReq._meta,
    signal: mcpReq.signal,
    facts: () => ({ transport: 'tcp' }),
    notify: (method, params) => {
      mcpReq.notify({ method, params } as Parameters<typeof mcpReq.notify>[0]).catch(() => undefined);
    },
    inputResponses: mcpReq.inputResponses,
    requestState: mcpReq.requestState(),
  };
}

async function ask(url: string, question: Question): Promise<Answer> {
  const { status, headers, text } = await send(url, question);
  const type = headers['content-type'] ?? '';
  const steady = text.replaceAll(/[0-9a-f]{32}/g, 'TRACE').replaceAll(/"requestState":"[^"]+"/g, '"requestState":"STATE"');
  if (type.startsWith('text/event-stream')) return { status, type: 'stream', messages: events(steady), allow: headers.allow };
  if (type.startsWith('application/json'))
    return { status, type: 'json', messages: steady === '' ? [] : [JSON.parse(steady)].flat(), allow: headers.allow };
  return { status, type: 'none', messages: steady === '' ? [] : [steady], allow: headers.allow };
}
