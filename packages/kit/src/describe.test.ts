import { describe, expect, it } from 'vitest';
import { fixture } from '../test/fixture/server.ts';
import { describeServer } from './describe.ts';

describe('describeServer', () => {
  const facts = describeServer(fixture);

  it('tells every tool, with the scope that it needs and its listing', () => {
    expect(facts.tools.map(({ name }) => name)).toEqual(fixture.definition.tools.map(({ definition }) => definition.name));
    expect(facts.tools.find(({ name }) => name === 'wipe_notes')).toMatchObject({
      access: 'destroy',
      scope: 'notes:destroy',
      listing: { name: 'wipe_notes', annotations: { destructiveHint: true } },
    });
  });

  it('keeps the settings of the server apart from those of the kit', () => {
    expect(facts.ownSettings.map(({ env }) => env)).toEqual(['FAIRWAY_GREETING', 'FAIRWAY_PASSWORD']);
    expect(facts.commonSettings.map(({ flag }) => flag)).toContain('--http');
    expect(facts.localSettings.map(({ flag }) => flag)).toEqual(['--read-only', '--tools', '--exclude', '--state-dir', '--log-level']);
  });

  it('writes the sections that the definition adds to the README', () => {
    const readmeSections = { shortcuts: (tools: readonly string[]) => `${tools.length} tools, the first is ${tools[0]}` };
    const { readmeSections: written } = describeServer({ definition: { ...fixture.definition, readmeSections } });
    expect(written).toEqual({ shortcuts: `${facts.tools.length} tools, the first is ${facts.tools[0]?.name}` });
    expect(facts.readmeSections).toEqual({});
  });
});
