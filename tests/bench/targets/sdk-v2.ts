/** The HTTP handler of the SDK's version 2, as its documentation shows: a server for each request. */
import http from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { announce } from './announce.ts';
import { TOOLS } from './plain-tools.ts';

function createServer(): McpServer {
  const server = new McpServer({ name: 'bench', version: '0.0.0' });
  for (const { name, config, call } of TOOLS) server.registerTool(name, config, call);
  return server;
}

const listener = http.createServer(toNodeHandler(createMcpHandler(createServer)));
listener.listen(0, '127.0.0.1', () => announce(listener.address()));
