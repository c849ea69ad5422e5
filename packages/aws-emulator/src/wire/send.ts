import type { ServerResponse } from 'node:http';
import type { HttpAnswer } from './http.ts';

/** How an answer reaches the client. `hang`: not at all. `closed`: not at all, and the connection is closed. */
export type Delivery = 'whole' | 'hang' | 'closed' | 'disconnect' | 'truncated' | 'garbage';

/** What a proxy in between might answer: neither XML that ends nor JSON. */
const GARBAGE = '<html><head><title>200 OK</title></head><body><h1>Gateway\u0000</h1><p>{"upstream": ';

export function sendAnswer(response: ServerResponse, { status, headers, body }: HttpAnswer, delivery: Delivery, faultMessage = ''): void {
  if (delivery === 'hang') return;
  if (delivery === 'closed') {
    response.destroy();
    return;
  }
  const bytes = Buffer.from(delivery === 'garbage' ? GARBAGE + faultMessage : body);
  const half = bytes.subarray(0, bytes.length >> 1);
  if (delivery === 'disconnect') {
    response.writeHead(status, { ...headers, 'content-length': bytes.length + 1 });
    response.write(half, () => response.destroy());
    return;
  }
  const sent = delivery === 'truncated' ? half : bytes;
  const type = delivery === 'garbage' ? { 'content-type': 'text/html' } : {};
  response.writeHead(delivery === 'garbage' ? 200 : status, { 'content-length': sent.length, ...headers, ...type });
  response.end(sent);
}
