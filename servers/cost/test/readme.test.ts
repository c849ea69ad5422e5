import fs from 'node:fs';
import { fileLifetime, StdioPeer } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';

const page = fs.readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const lifetime = fileLifetime();

interface Example {
  tool: string;
  args: Record<string, unknown>;
  shown: string;
}

/** A call in backquotes, and the answer below it. */
function examplesOf(text: string): Example[] {
  return [...text.matchAll(/^`([a-z_]+) (\{.*\})`\n\n```text\n([\s\S]*?)\n```$/gm)].map(([, tool = '', args = '{}', shown = '']) => {
    return { tool, args: JSON.parse(args), shown };
  });
}

describe('the examples of the README', () => {
  it('are the answers of the sample', async () => {
    const peer = new StdioPeer({ main: new URL('../src/main.ts', import.meta.url), args: ['--sample'], lifetime });
    await peer.initialize();
    const examples = examplesOf(page);
    expect(examples.length).toBeGreaterThan(4);
    for (const { tool, args, shown } of examples) {
      const { result } = await peer.request('tools/call', { name: tool, arguments: args });
      expect(shown, tool).toBe(result.content[0].text);
    }
  });
});
