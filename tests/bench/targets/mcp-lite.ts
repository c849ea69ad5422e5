/** mcp-lite without sessions, as its documentation shows. It needs a web-standard server: the one of Hono, which its examples use. */
import http from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { McpServer, StreamableHttpTransport } from 'mcp-lite';
import * as z from 'zod';
import { announce } from './announce.ts';
import { TOOLS } from './plain-tools.ts';

const server = new McpServer({
  name: 'bench',
  version: '0.0.0',
  schemaAdapter: (schema) => z.toJSONSchema(schema as z.ZodType, { io: 'input' }),
});
for (const { name, config, call } of TOOLS)
  server.tool(name, { ...config, handler: (input: unknown) => call(input as Record<string, unknown>) });

const handle = new StreamableHttpTransport().bind(server);
const listener = http.createServer(getRequestListener((request) => handle(request)));
listener.listen(0, '127.0.0.1', () => announce(listener.address()));
