import path from 'node:path';
import { createApiKey } from '@fairway-mcp/auth';
import { type Embedded, embed } from '@fairway-mcp/kit/embed';
import { createApiKeyTable, openSqlite } from '@fairway-mcp/store';
import { temporaryFolder } from '@fairway-mcp/testing';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';
import server from '../../src/server.ts';

/** The server on a sample, inside this process, until the test has ended. */
export async function serveSample(args: readonly string[] = [], stateDir = temporaryFolder()): Promise<Embedded> {
  const embedded = await embed(server, ['--sample', '--state-dir', stateDir, '--drain-seconds', '2', ...args]);
  onTestFinished(() => embedded.close());
  return embedded;
}

/** An official client, closed when the test has ended. */
export async function openClient(url: string, key?: string): Promise<Client> {
  const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  const client = new Client({ name: 'tag-compliance-test', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  onTestFinished(() => client.close());
  return client;
}

/** A state folder with an API key for each name, all with the same scopes. */
export async function stateWithKeys(
  names: readonly string[],
  scopes: readonly string[] = ['tag-compliance:read'],
): Promise<{ stateDir: string; keys: string[] }> {
  const stateDir = temporaryFolder();
  const store = openSqlite({ file: path.join(stateDir, 'fairway.db') });
  const table = await createApiKeyTable(store);
  const keys: string[] = [];
  for (const name of names) keys.push((await createApiKey(table, { name, scopes: [...scopes], expiresAt: null })).key);
  await store.close();
  return { stateDir, keys };
}

export interface Answered {
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a tool answers is for the test to look at.
  structured: any;
}

/** Calls a tool. @throws Error with what it said when it failed */
export async function ask(client: Client, name: string, args: Record<string, unknown> = {}): Promise<Answered> {
  const { content, structuredContent, isError } = await client.callTool({ name, arguments: args });
  const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
  if (isError === true) throw new Error(text);
  return { text, structured: structuredContent };
}

/** The text of a resource. */
export async function readText(client: Client, uri: string): Promise<string> {
  const { contents } = await client.readResource({ uri });
  return contents.map((part) => ('text' in part ? part.text : '')).join('\n');
}
