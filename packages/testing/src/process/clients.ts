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

/** What the official clients have in common. */
export interface AnyClient {
  listTools(): Promise<{ tools: { name: string }[] }>;
  call(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<CallToolResult>;
  close(): Promise<void>;
}

/** What the user does with a form: accepts it with the box checked or not, declines it, or closes it. */
export type Decision = boolean | 'decline' | 'cancel';

/** The user behind the client. `undefined`: the client does not support elicitation. */
export type Elicitation = ((message: string) => Decision) | undefined;

/** A server that a client can connect to: an address, or a program to start. */
export type Endpoint = { url: string; headers?: Record<string, string> } | { command: string; args: string[]; env: Record<string, string> };

export type ClientKind = 'v2 modern' | 'v2 legacy' | 'v1';
export const CLIENT_KINDS: readonly ClientKind[] = ['v2 modern', 'v2 legacy', 'v1'];

/** Connects an official client. It is closed when the test has ended. */
export async function connect(kind: ClientKind, endpoint: Endpoint, decide?: Elicitation): Promise<AnyClient> {
  const client = kind === 'v1' ? await connectV1(endpoint, decide) : await connectV2(kind, endpoint, decide);
  onTestFinished(() => client.close());
  return client;
}

async function connectV2(kind: ClientKind, endpoint: Endpoint, decide: Elicitation): Promise<AnyClient> {
  const client = new Client(
    { name: 'fairway-test', version: '1.0.0' },
    {
      capabilities: decide === undefined ? {} : { elicitation: { form: {} } },
      ...(kind === 'v2 modern' && { versionNegotiation: { mode: { pin: MODERN_VERSION } } }),
    },
  );
  if (decide !== undefined) client.setRequestHandler('elicitation/create', async ({ params }) => elicitResult(decide(params.message)));
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

async function connectV1(endpoint: Endpoint, decide: Elicitation): Promise<AnyClient> {
  const client = new OlderClient(
    { name: 'fairway-test', version: '1.0.0' },
    { capabilities: decide === undefined ? {} : { elicitation: { form: {} } } },
  );
  if (decide !== undefined) client.setRequestHandler(ElicitRequestSchema, async ({ params }) => elicitResult(decide(params.message)));
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

function elicitResult(decision: Decision) {
  return typeof decision === 'boolean' ? { action: 'accept' as const, content: { confirm: decision } } : { action: decision };
}
