import { PassThrough } from 'node:stream';
import { queryObjects } from 'node:v8';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnreadLimits } from './output-queue.ts';
import { StdioWire } from './wire.ts';

const unlimited = { pauseBytes: 1e9, maxBytes: 1e9, stallMs: 1e6 };

function setUp(maxBodyBytes = 1000, unread: Partial<UnreadLimits> = {}, maxInFlight = 1e9) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const received: JSONRPCMessage[] = [];
  const wire = new StdioWire(input, output, { maxBodyBytes, maxJsonDepth: 10, maxInFlight, unread: { ...unlimited, ...unread } });
  wire.onmessage = (message) => received.push(message);
  void wire.start();
  const answers = () =>
    String(output.read() ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  return { input, output, received, wire, answers };
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

  it('keeps a line that arrives byte by byte in one buffer', async () => {
    const { input, received } = setUp(1_000_000);
    const before = Number(queryObjects(Uint8Array, { format: 'count' }));
    const line = Buffer.from(JSON.stringify({ ...request(1), params: { text: 'x'.repeat(50_000) } }));
    for (const byte of line) input.write(Buffer.of(byte));
    await settled();
    expect(Number(queryObjects(Uint8Array, { format: 'count' })) - before).toBeLessThan(100);
    input.write('\n');
    await settled();
    expect(received).toMatchObject([{ id: 1, params: { text: 'x'.repeat(50_000) } }]);
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

  it('takes no more requests while their answers are not read, and all of them once they are', async () => {
    const { input, output, received, wire } = setUp(1000, { pauseBytes: 50_000 });
    const answer = 'x'.repeat(10_000);
    wire.onmessage = (message) => {
      received.push(message);
      if ('id' in message && message.id !== undefined) void wire.send({ jsonrpc: '2.0', id: message.id, result: { answer } });
    };
    for (let id = 0; id < 100; id += 1) input.write(`${JSON.stringify(request(id))}\n`);
    await settled();
    expect(received.length).toBeLessThan(20);
    output.resume();
    await expect.poll(() => received.map((message) => 'id' in message && message.id)).toEqual(Array.from({ length: 100 }, (_, id) => id));
  });

  it('takes a bounded number of requests while they are worked on, and all of them in the end, also when the ids are all the same', async () => {
    const { input, received, wire } = setUp(1000, {}, 100);
    for (let id = 0; id < 1000; id += 1) input.write(`${JSON.stringify(request(id))}\n${JSON.stringify(request(7))}\n`);
    await settled();
    expect(received).toHaveLength(100);
    for (let count = 0; count < received.length; count += 1) {
      const message = received[count];
      if (message !== undefined && 'id' in message && message.id !== undefined)
        void wire.send({ jsonrpc: '2.0', id: message.id, result: {} });
      expect(received.length - count).toBeLessThanOrEqual(101);
      await settled();
    }
    expect(received).toHaveLength(2000);
  });

  it('takes what cancels a request, and the answer that a request waits for, however many requests are in flight', async () => {
    const { input, received, wire } = setUp(1000, {}, 40);
    for (let id = 0; id < 40; id += 1) input.write(`${JSON.stringify(request(id))}\n`);
    await settled();
    input.write(`${JSON.stringify({ jsonrpc: '2.0', id: 'ask', result: {} })}\n`);
    await settled();
    expect(received).toHaveLength(40);
    for (let id = 0; id < 40; id += 1) void wire.send({ jsonrpc: '2.0', id: `ask ${id}`, method: 'elicitation/create' });
    await expect.poll(() => received.length).toBe(41);
  });

  it.each([
    ['answers a last line without a line feed', JSON.stringify(request(1)), [request(1)], []],
    ['says what is wrong with a last line that is cut off', '{"jsonrpc":"2.0","id":1', [], [{ id: null, error: { code: -32700 } }]],
    ['says that a last line without a line feed is too long', 'x'.repeat(2000), [], [{ id: null, error: { code: -32600 } }]],
  ])('%s', async (_what, line, taken, answered) => {
    const { input, received, wire, answers } = setUp();
    input.end(line);
    await wire.ended;
    expect(received).toEqual(taken);
    expect(answers()).toMatchObject(answered);
  });

  it.each([
    ['has read nothing for a while', { pauseBytes: 50_000, stallMs: 10 }],
    ['leaves more unread than is allowed', { maxBytes: 100_000 }],
  ])('ends when the client %s', async (_why, limits) => {
    const { wire, output } = setUp(1000, limits);
    const sent = Array.from({ length: 20 }, (_, id) => wire.send({ jsonrpc: '2.0', id, result: { answer: 'x'.repeat(10_000) } }));
    const results = Promise.allSettled(sent);
    expect(await wire.ended).toBe('the client does not read');
    const unread = output.writableLength + output.readableLength;
    await expect(wire.send({ jsonrpc: '2.0', id: 99, result: {} })).rejects.toThrow('does not read');
    expect(output.writableLength + output.readableLength).toBe(unread);
    await wire.close();
    output.resume();
    await results;
  });

  it('sends one message that is larger than what may be left unread', async () => {
    const { wire, output } = setUp(1000, { pauseBytes: 1_000, maxBytes: 10_000 });
    const sent = wire.send({ jsonrpc: '2.0', id: 1, result: { answer: 'x'.repeat(1_000_000) } });
    output.resume();
    await sent;
  });
});
