/**
 * The floor: a bare `node:http` server that reads each request and sends a constant. It parses, authenticates and records nothing. No MCP
 * server on `node:http` can be quicker on the same machine.
 */
import http from 'node:http';
import { announce } from './announce.ts';

const answer = Buffer.from(process.env.BENCH_ANSWER ?? '{}', 'utf8');

const listener = http.createServer({ noDelay: true }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': answer.length });
    response.end(answer);
  });
});
listener.listen(0, '127.0.0.1', () => announce(listener.address()));
