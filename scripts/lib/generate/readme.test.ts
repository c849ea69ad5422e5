import { describe, expect, it } from 'vitest';
import { fillSections, rootSections, serverSections } from './readme.ts';
import { shelves } from './shelves.fixture.ts';

describe('the parts of a page between markers', () => {
  it('are replaced, and nothing else is', () => {
    const page = 'Before\n<!-- generated:a -->old\n<!-- /generated -->\nbetween $& $1\n<!-- generated:b --><!-- /generated -->';
    const filled = fillSections(page, { a: 'A $& $1', b: 'B' });
    expect(filled).toBe(
      'Before\n<!-- generated:a -->\n\nA $& $1\n\n<!-- /generated -->\nbetween $& $1\n<!-- generated:b -->\n\nB\n\n<!-- /generated -->',
    );
    expect(fillSections(filled, { a: 'A $& $1', b: 'B' })).toBe(filled);
  });

  it('are rejected when their name is unknown', () => {
    expect(() => fillSections('<!-- generated:x --><!-- /generated -->', { a: '' })).toThrow('"generated:x"');
    expect(() => fillSections('<!-- generated:constructor --><!-- /generated -->', { a: '' })).toThrow('"generated:constructor"');
  });

  it('are required: a missing or unclosed part is an error', () => {
    expect(() => fillSections('', { a: 'A' })).toThrow('no place for "a"');
    expect(() => fillSections('<!-- generated:a -->', { a: 'A' })).toThrow('no place for "a"');
  });
});

describe("a server's tables", () => {
  const { tools = '', settings = '', permissions = '', network = '' } = serverSections(shelves);

  it('list each tool with its access and scope', () => {
    expect(tools.split('\n').slice(0, -2)).toEqual([
      '| Tool | What it answers | Access |',
      '| --- | --- | --- |',
      '| `list_shelves` | All shelves. | reads (`shelves:read`) |',
      '| `find_shelf` | One shelf. | reads (`shelves:read`) |',
      '| `move_shelf` | Moves a shelf. | writes without asking: it can be undone (`shelves:move`) |',
      '| `burn_shelf` | Ends a shelf. | deletes, asks before (`shelves:destroy`) |',
    ]);
  });

  it('give the size of the definitions in tokens', () => {
    const [, tokens] = /A model reads ([\d,]+) tokens of definitions/.exec(tools) ?? [];
    const characters = JSON.stringify(shelves.facts.tools.map(({ listing }) => listing)).length;
    expect(Number(tokens)).toBeGreaterThan(characters / 8);
    expect(Number(tokens)).toBeLessThan(characters / 2);
  });

  it('list each setting, with "|" escaped', () => {
    expect(settings).toContain('| `--address URL` | `FAIRWAY_ADDRESS` | required | Where the shelves are. |');
    expect(settings).toContain('| `--password TEXT` | `FAIRWAY_PASSWORD` or `FAIRWAY_PASSWORD_FILE` |  | Opens a\\|b. |');
    expect(settings).toContain('| `--wood oak\\|pine` | `FAIRWAY_WOOD` | `oak` | What they are made of. |');
    expect(settings).toContain('`FAIRWAY_RATE_LIMIT`');
  });

  it('show each host that is called, and not where an operator has put one', () => {
    expect(network).toContain('| `wood.example` | prices of wood |\n| `the host of the setting address` | the shelves |');
    expect(serverSections({ ...shelves, facts: { ...shelves.facts, hosts: [] } })).not.toHaveProperty('network');
  });

  it('have the sections of the definition beside them', () => {
    expect(permissions).toBe('Every tool needs hands: list_shelves, find_shelf, move_shelf, burn_shelf.');
  });

  it('are linked from the root page', () => {
    expect(rootSections([shelves]).servers).toContain(
      '| [Shelves](servers/shelves/README.md) | Keeps shelves. | `list_shelves`, `find_shelf`, `move_shelf`, `burn_shelf` | `npx -y @fairway-mcp/shelves` | [VS Code](https://',
    );
  });
});
