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
      permissions: [],
      listing: { name: 'wipe_notes', annotations: { destructiveHint: true } },
    });
  });

  it('keeps the settings of the server apart from those of the kit', () => {
    expect(facts.ownSettings.map(({ env }) => env)).toEqual(['FAIRWAY_GREETING', 'FAIRWAY_PASSWORD']);
    expect(facts.commonSettings.map(({ flag }) => flag)).toContain('--http');
    expect(facts.localSettings.map(({ flag }) => flag)).toEqual(['--read-only', '--tools', '--exclude', '--state-dir', '--log-level']);
  });

  it('refuses permissions of a tool that does not exist', () => {
    const { definition } = fixture;
    expect(() => describeServer({ definition: { ...definition, permissions: { eco: ['s3:GetObject'] } } })).toThrow(
      'permissions for "eco"',
    );
  });
});
