import type { ServerResponse } from 'node:http';

/** Writes a whole response with a JSON body, unless one has been written. */
export function respondJson(response: ServerResponse, status: number, json: string, headers: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) });
  response.end(json);
}

/** Writes a whole response without a body, unless one has been written. */
export function respondEmpty(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'Content-Length': 0 });
  response.end();
}
