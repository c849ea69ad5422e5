import { StdioPeer } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';

const main = new URL('../src/main.ts', import.meta.url);

describe('get_greeting', () => {
  it('greets in the words that the operator has chosen', async () => {
    const peer = new StdioPeer({ main, args: ['--salutation', 'Ahoy'] });
    await peer.initialize();
    const { result } = await peer.request('tools/call', { name: 'get_greeting', arguments: { name: 'Ada' } });
    expect(result.structuredContent).toEqual({ greeting: 'Ahoy, Ada!' });
    expect(result.content).toEqual([{ type: 'text', text: 'Ahoy, Ada!' }]);
  });
});
