import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPolicy } from '../src/policy/read-policy.ts';
import { PERMISSION_GROUPS } from '../src/upstream/permissions.ts';
import { ask, openClient, serveSample } from './support/sample.ts';

const page = fs.readFileSync(new URL('../README.md', import.meta.url), 'utf8');

interface Example {
  tool: string;
  args: Record<string, unknown>;
  /** What the page shows of the answer. */
  shown: string[];
}

/** A call in backquotes, and the answer below it. */
function examplesOf(text: string): Example[] {
  return [...text.matchAll(/^`([a-z_]+) (\{.*\})`\n\n```text\n([\s\S]*?)\n```$/gm)].map(([, tool = '', args = '{}', answer = '']) => {
    return { tool, args: JSON.parse(args), shown: answer.split('\n') };
  });
}

/** Whether an answer is as shown; a line of its own that reads `…` stands for one line or more. */
function fits(answer: readonly string[], [first, ...others]: readonly string[]): boolean {
  if (first === undefined) return answer.length === 0;
  if (first !== '…') return answer[0] === first && fits(answer.slice(1), others);
  return answer.some((_, index) => fits(answer.slice(index + 1), others));
}

/** The history is of the day on which it is asked. */
function dateless({ tool }: Example, lines: readonly string[]): string[] {
  return tool === 'get_violation_history' ? lines.map((line) => line.replace(/^\d{4}-\d{2}-\d{2} /, 'THE DAY ')) : [...lines];
}

describe('the examples of the README', () => {
  it('are the answers of the sample, for every tool', async () => {
    const { url } = await serveSample();
    const client = await openClient(url);
    const { tools } = await client.listTools();
    const examples = examplesOf(page);
    expect(new Set(examples.map(({ tool }) => tool))).toEqual(new Set(tools.map(({ name }) => name)));
    for (const example of examples) {
      const answer = dateless(example, (await ask(client, example.tool, example.args)).text.split('\n'));
      const shown = dateless(example, example.shown);
      // Where they differ, the whole answer is shown beside what the page has.
      if (!fits(answer, shown)) expect(shown.join('\n'), example.tool).toBe(answer.join('\n'));
    }
  });

  it('are compared line by line, except for lines replaced by "…"', () => {
    expect(fits(['a', 'b', 'c', 'd'], ['a', '…', 'd'])).toBe(true);
    expect(fits(['a', 'b', 'c', 'd'], ['a', '…'])).toBe(true);
    expect(fits(['a', 'b', 'c', 'd'], ['a', '…', 'c'])).toBe(false);
    expect(fits(['a', 'd'], ['a', '…', 'd'])).toBe(false);
    expect(fits(['a', 'b'], ['a'])).toBe(false);
  });
});

describe('the policies of the README', () => {
  const blocks = [...page.matchAll(/```(yaml|json)\n([\s\S]*?)\n *```/g)].map(([, , text = '']) => text);

  it('are valid: the one in YAML and the AWS tag policy', () => {
    const policies = blocks.filter((text) => /required_tags|tag_key/.test(text));
    expect(policies.map((text) => readPolicy(text, 'README.md'))).toEqual([
      expect.objectContaining({ form: 'reference' }),
      expect.objectContaining({ form: 'tag_policy' }),
    ]);
  });

  it('of clients and of IAM are valid JSON', () => {
    const others = blocks.filter((text) => /mcpServers|"Statement"/.test(text));
    expect(others.length).toBeGreaterThan(5);
    for (const text of others) expect(() => JSON.parse(text)).not.toThrow();
  });

  it('name the permissions that are needed when the Tagging API is denied', () => {
    const [, list = ''] =
      /Where `tag:GetResources` is denied,[^`]*((?:`[\w:]+`(?:, | and )?\n?)+)\./.exec(
        page.replaceAll(/,\n/g, ', ').replaceAll(/ and\n/g, ' and '),
      ) ?? [];
    expect([...list.matchAll(/`([\w:]+)`/g)].map(([, action]) => action)).toEqual([...PERMISSION_GROUPS.scanWithoutTaggingApi.actions]);
  });
});

describe('links of the README', () => {
  it('to its own headings exist', () => {
    const anchors = new Set(
      [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\w\- ]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !anchors.has(link ?? ''))).toEqual([]);
  });
});
