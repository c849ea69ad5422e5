import { beforeAll } from 'vitest';
import { fileLifetime, type Launch, type ServerProcess, startHttp } from '../process/server-process.ts';
import { openPeer, type StdioPeer } from '../process/stdio-peer.ts';

/** A tool as `tools/list` shows it. */
export interface ListedTool {
  name: string;
  title: string;
  description: string;
  inputSchema: { properties: Record<string, Record<string, unknown>>; required?: string[] };
  outputSchema?: object;
  annotations: Record<string, unknown>;
}

/** Two processes of the server that all tests of a file share: one over stdio, one over HTTP. Set before the first test. */
export interface SharedServer {
  peer: StdioPeer;
  http: ServerProcess & { url: string };
  /** Every tool that the server offers. */
  tools: readonly ListedTool[];
  /** The version that the server reports in `initialize`. */
  version: string;
}

/** Starts the shared processes before the first test of the file and ends them after the last one. */
export function shareServer(launch: Launch): SharedServer {
  const shared = {} as SharedServer;
  const options = { ...launch, args: [...(launch.args ?? []), '--rate-limit', '0'], lifetime: fileLifetime() };
  beforeAll(async () => {
    const [peer, http] = await Promise.all([openPeer(options), startHttp(options)]);
    const { tools } = (await peer.request('tools/list')).result;
    Object.assign(shared, { peer, http, tools, version: peer.initialized?.result.serverInfo.version });
  });
  return shared;
}
