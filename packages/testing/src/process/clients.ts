import { type CallToolResult, Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OlderStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as OlderHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';

export const MODERN_VERSION = '2026-07-28';

export interface CallOptions {
  signal?: AbortSignal;
  onprogress?: (progress: { progress: number; total?: number; message?: string }) => void;
}

/** What the clients have in common, whichever library they are. */
export interface AnyClient {
  listTools(): Promise<{ tools: { name: string }[] }>;
  call(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<CallToolResult>;
  close(): Promise<void>;
}

/** What the person does with a form: ticks it or not and sends it, declines it, or closes it. */
export type Decision = boolean | 'decline' | 'cancel';

/** Answers a question of the server's. `undefined`: the client cannot ask. */
export type Answering = ((message: string) => Decision) | undefined;

/** Where a client finds a server: an address, or a program to start. */
export type Endpoint = { url: string; headers?: Record<string, string> } | { command: string; args: string[]; env: Record<string, string> };

export type ClientKind = 'v2 modern' | 'v2 legacy' | 'v1';
export const CLIENT_KINDS: readonly ClientKind[] = ['v2 modern', 'v2 legacy', 'v1'];

/** Connects an official client of the given kind. It is closed when the test has ended. */
export async function connect(kind: ClientKind, endpoint: Endpoint, answering?: Answering): Promise<AnyClient> {
  const client = kind === 'v1' ? await connectV1(endpoint, answering) : await connectV2(kind, endpoint, answering);
  onTestFinished(() => client.close());
  return client;
}

async function connectV2(kind: ClientKind, endpoint: Endpoint, answering: Answering): Promise<AnyClient> {
  const client = new Client(
    { name: 'fairway-test', version: '1.0.0' },
    {
      capabilities: answering === undefined ? {} : { elicitation: { form: {} } },
      ...(kind === 'v2 modern' && { versionNegotiation: { mode: { pin: MODERN_VERSION } } }),
    },
  );
  if (answering !== undefined) client.setRequestHandler('elicitation/create', async ({ params }) => reply(answering(params.message)));
  await client.connect(
    'url' in endpoint
      ? new StreamableHTTPClientTransport(new URL(endpoint.url), { requestInit: { headers: endpoint.headers ?? {} } })
      : new StdioClientTransport({ ...endpoint, stderr: 'ignore' }),
  );
  return {
    listTools: () => client.listTools(),
    call: (name, args = {}, options = {}) => client.callTool({ name, arguments: args }, options),
    close: () => client.close(),
  };
}

async function connectV1(endpoint: Endpoint, answering: Answering): Promise<AnyClient> {
  const client = new OlderClient(
    { name: 'fairway-test', version: '1.0.0' },
    { capabilities: answering === undefined ? {} : { elicitation: { form: {} } } },
  );
  if (answering !== undefined) client.setRequestHandler(ElicitRequestSchema, async ({ params }) => reply(answering(params.message)));
  await client.connect(
    'url' in endpoint
      ? new OlderHttp(new URL(endpoint.url), { requestInit: { headers: endpoint.headers ?? {} } })
      : new OlderStdio({ ...endpoint, stderr: 'ignore' }),
  );
  return {
    listTools: () => client.listTools(),
    call: async (name, args = {}, options = {}) => (await client.callTool({ name, arguments: args }, undefined, options)) as CallToolResult,
    close: () => client.close(),
  };
}

function reply(decision: Decision) {
  return typeof decision === 'boolean' ? { action: 'accept' as const, content: { confirm: decision } } : { action: decision };
}
