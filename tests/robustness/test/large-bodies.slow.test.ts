import { send, startHttp } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { tagCompliance } from './support/programs.ts';

const MEGABYTE = 2 ** 20;
/** How much the memory of a process may grow while it rejects 300 MB. Chunks that were read and dropped are garbage for a while. */
const MAX_GROWTH_BYTES = 200 * MEGABYTE;

describe('the built server over HTTP', () => {
  it.each([
    ['thirty bodies of 10 MB with a Content-Length', 10, 30, false],
    ['thirty chunked bodies of 10 MB', 10, 30, true],
    ['three bodies of 100 MB with a Content-Length', 100, 3, false],
    ['three chunked bodies of 100 MB', 100, 3, true],
  ])('rejects %s without keeping them in memory', async (_what, megabytes, times, isChunked) => {
    const server = await startHttp({ ...tagCompliance, isMeasured: true });
    const body = Buffer.alloc(megabytes * MEGABYTE, ' ');
    const headers = isChunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': body.length };
    const before = await server.measure();
    const responses = await Promise.all(Array.from({ length: times }, () => send(server.url, { headers, body })));
    for (const { status, json } of responses) {
      expect([status, json.error.message]).toEqual([413, 'The request is larger than 1048576 bytes.']);
    }
    const { peakRss } = await server.measure();
    expect(peakRss - before.peakRss).toBeLessThan(MAX_GROWTH_BYTES);
  });
});
