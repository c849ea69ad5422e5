import { PassThrough } from 'node:stream';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StdioWire } from './wire.ts';

function setUp(maxBodyBytes = 1000) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const received: JSONRPCMessage[] = [];
  const wire = new StdioWire(input, output, { maxBodyBytes, maxJsonDepth: 10 });
  wire.onmessage = (message) => received.push(message);
  void wire.start();
  const answers = () =>
    String(output.read() ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  return { input, received, wire, answers };
}

const request = (id: number, method = 'tools/call') => ({ jsonrpc: '2.0' as const, id, method, params: { text: 'ünï\u2028cödé' } });

/** Everything that was written has been read when a later turn of the event loop comes. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the stdio wire', () => {
  it('finds every message, wherever the chunks are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40 }), async (cuts) => {
        const { input, received } = setUp();
        const bytes = Buffer.from([1, 2, 3].map((id) => `${JSON.stringify(request(id))}\n`).join('\r\n'));
        let at = 0;
        for (const size of [...cuts, bytes.length]) {
          input.write(bytes.subarray(at, at + size));
          at += size;
          if (at >= bytes.length) break;
        }
        await settled();
        expect(received).toEqual([request(1), request(2), request(3)]);
      }),
    );
  });

  it.each([
    ['garbage', -32700, null],
    ['{"jsonrpc":"2.0"', -32700, null],
    ['[1,2]', -32600, null],
    ['{"jsonrpc":"1.0","id":4,"method":"x"}', -32600, 4],
    [`{"jsonrpc":"2.0","id":1,"method":"x","params":${'{"a":'.repeat(20)}1${'}'.repeat(20)}}`, -32600, null],
  ])('answers %s with %s and goes on', async (line, code, id) => {
    const { input, received, answers } = setUp();
    input.write(`${line}\n${JSON.stringify(request(2))}\n`);
    await settled();
    expect(answers()).toMatchObject([{ id, error: { code } }]);
    expect(received).toEqual([request(2)]);
  });

  it('drops a line that is too long while it arrives, and goes on behind it', async () => {
    const { input, received, answers } = setUp(200);
    for (let part = 0; part < 100; part += 1) input.write('x'.repeat(1000));
    input.write(`\n${JSON.stringify(request(2))}\n`);
    await settled();
    expect(answers()).toMatchObject([{ id: null, error: { code: -32600, message: 'The message is larger than 200 bytes.' } }]);
    expect(received).toEqual([request(2)]);
  });

  it('when the input ends, waits for the answers that are due, and for those only', async () => {
    const { input, wire, answers } = setUp();
    input.write(`${JSON.stringify(request(1))}\n${JSON.stringify(request(2))}\n${JSON.stringify(request(3, 'subscriptions/listen'))}\n`);
    input.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } })}\n`);
    input.end();
    await wire.ended;
    let drained = false;
    const draining = wire.drain(60_000).then(() => {
      drained = true;
    });
    await settled();
    expect(drained).toBe(false);
    await wire.send({ jsonrpc: '2.0', id: 1, result: {} });
    await draining;
    expect(answers()).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }]);
  });

  it('does not wait for ever', async () => {
    const { input, wire } = setUp();
    input.write(`${JSON.stringify(request(1))}\n`);
    await settled();
    await wire.drain(10);
  });
});
