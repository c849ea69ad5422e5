import { describe, expect, it } from 'vitest';
import { installCell, installLinks, installSection } from './install.ts';
import { shelves } from './shelves.fixture.ts';

/** What a client gets from a link: the links of both forms must say the same. */
function configs({ vscode, cursor }: ReturnType<typeof installLinks>) {
  const web = new URL(vscode.web).searchParams;
  const fromWeb = { name: web.get('name'), ...json(web.get('config')), ...(web.has('inputs') && { inputs: json(web.get('inputs')) }) };
  const fromCursor = [cursor.web, cursor.direct].map((link) => {
    const { searchParams } = new URL(link);
    return { name: searchParams.get('name'), ...json(Buffer.from(searchParams.get('config') ?? '', 'base64').toString()) };
  });
  return { vscode: [fromWeb, json(decodeURIComponent(vscode.direct.slice('vscode:mcp/install?'.length)))], cursor: fromCursor };
}

function json(text: string | null) {
  return JSON.parse(text ?? 'null');
}

describe('the install links', () => {
  const start = { name: 'shelves', command: 'npx', args: ['-y', '@fairway-mcp/shelves'] };

  it('start the published package in VS Code, which asks for the required settings only', () => {
    const wanted = {
      ...start,
      env: { FAIRWAY_ADDRESS: `\${input:address}`, FAIRWAY_PLAN: `\${input:plan}` },
      inputs: [
        { type: 'promptString', id: 'address', description: 'Where the shelves are.' },
        { type: 'promptString', id: 'plan', description: 'How they stand (a drawing).' },
      ],
    };
    expect(configs(installLinks(shelves)).vscode).toEqual([wanted, wanted]);
  });

  it('start it in Cursor, with a placeholder for each required setting', () => {
    const wanted = { ...start, env: { FAIRWAY_ADDRESS: '<URL>', FAIRWAY_PLAN: '<FILE>' } };
    expect(configs(installLinks(shelves)).cursor).toEqual([wanted, wanted]);
  });

  it('ask for no setting when flags are given', () => {
    const wanted = { ...start, args: [...start.args, '--sample'] };
    const { vscode, cursor } = configs(installLinks(shelves, ['--sample']));
    expect([...vscode, ...cursor]).toEqual([wanted, wanted, wanted, wanted]);
  });

  it('mark a secret, so that VS Code hides what is typed', () => {
    const [password] = shelves.facts.ownSettings.filter(({ secret }) => secret).map((setting) => ({ ...setting, required: true }));
    if (password === undefined) throw new Error('There is no secret among the settings.');
    const { vscode } = configs(installLinks({ ...shelves, facts: { ...shelves.facts, ownSettings: [password] } }));
    expect(vscode[0]?.inputs).toEqual([expect.objectContaining({ id: 'password', password: true })]);
  });

  it('are valid Markdown links: nothing in them ends the link early', () => {
    const links = [...`${installSection(shelves)} ${installCell(shelves)}`.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
    const { vscode, cursor } = installLinks(shelves);
    expect(links).toEqual([vscode.web, vscode.direct, cursor.web, cursor.direct, vscode.web, cursor.web]);
  });

  it('include a second pair with --sample where the server has sample data', () => {
    const [sample] = shelves.facts.ownSettings.map((setting) => ({ ...setting, key: 'sample', type: 'switch' as const }));
    if (sample === undefined) throw new Error('There are no settings.');
    expect(installSection(shelves)).not.toContain('made-up');
    expect(installSection({ ...shelves, facts: { ...shelves.facts, ownSettings: [sample] } })).toContain('made-up');
  });
});
