import type { ServerResponse } from 'node:http';

type Headers = Readonly<Record<string, string>>;

/** Writes a whole response with a JSON body, unless one has been written. */
export function respondJson(response: ServerResponse, status: number, json: string, headers?: Headers): void {
  if (response.headersSent || response.destroyed) return;
  const length = Buffer.byteLength(json);
  response.writeHead(status, { ...headers, 'Content-Type': 'application/json', 'Content-Length': length });
  // A text of as many bytes as characters is ASCII, which Node writes faster as latin1.
  response.end(json, length === json.length ? 'latin1' : 'utf8');
}

/** Writes a whole response without a body, unless one has been written. */
export function respondEmpty(response: ServerResponse, status: number, headers?: Headers): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'Content-Length': 0 });
  response.end();
}
