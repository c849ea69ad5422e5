/** tmcp with its HTTP transport and its adapter for zod, as its documentation shows, behind the same web-standard server as mcp-lite. */
import http from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { ZodJsonSchemaAdapter } from '@tmcp/adapter-zod';
import { HttpTransport } from '@tmcp/transport-http';
import { McpServer } from 'tmcp';
import { announce } from './announce.ts';
import { TOOLS } from './plain-tools.ts';

const server = new McpServer(
  { name: 'bench', version: '0.0.0', description: 'What the benchmark calls.' },
  { adapter: new ZodJsonSchemaAdapter(), capabilities: { tools: { listChanged: true } } },
);
for (const { name, config, call } of TOOLS) {
  const { title, description, inputSchema, outputSchema } = config;
  server.tool({ name, title, description, schema: inputSchema, outputSchema }, (input) => call(input));
}

const transport = new HttpTransport(server, { path: '/mcp' });
const listener = http.createServer(
  getRequestListener(async (request) => (await transport.respond(request)) ?? new Response(null, { status: 404 })),
);
listener.listen(0, '127.0.0.1', () => announce(listener.address()));
