/** Version 1 of the SDK with express, stateless, as its documentation shows: a server and a transport for each request. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import express from 'express';
import { announce } from './announce.ts';
import { TOOLS } from './plain-tools.ts';

function createServer(): McpServer {
  const server = new McpServer({ name: 'bench', version: '0.0.0' });
  for (const { name, config, call } of TOOLS) server.registerTool(name, config, call);
  return server;
}

const app = express();
app.use(express.json());
app.post('/mcp', async (request, response) => {
  const server = createServer();
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  response.on('close', () => {
    void transport.close();
    void server.close();
  });
  await server.connect(transport);
  await transport.handleRequest(request, response, request.body);
});
const listener = app.listen(0, '127.0.0.1', () => announce(listener.address()));
