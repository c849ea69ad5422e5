import { describe, expect, it } from 'vitest';
import { shelves } from '../generate/shelves.fixture.ts';
import { mcpbManifest } from './mcpb-manifest.ts';

describe("a bundle's manifest", () => {
  const { server, tools, compatibility, user_config: settings, ...about } = mcpbManifest(shelves);

  it('repeats the definition and package.json', () => {
    expect(about).toMatchObject({
      manifest_version: '0.4',
      name: 'shelves',
      display_name: 'Shelves',
      version: '1.2.3',
      description: 'Keeps shelves.',
      license: 'MIT',
      repository: { type: 'git', url: 'https://github.com/fairway-mcp/fairway' },
      prompts_generated: false,
    });
    expect(tools[0]).toEqual({ name: 'list_shelves', description: 'All shelves.' });
    expect(compatibility.runtimes).toEqual({ node: '>=24.11.0' });
  });

  it('asks for each setting by its type', () => {
    const asked = { required: false };
    expect(settings).toMatchObject({
      address: { ...asked, type: 'string', title: 'Address', description: 'Where the shelves are.', required: true },
      password: { ...asked, type: 'string', sensitive: true },
      wood: { ...asked, type: 'string', default: 'oak', description: 'What they are made of. One of: oak, pine.' },
      boards: { ...asked, type: 'number', default: 5, min: 1 },
      plan: { ...asked, type: 'file' },
      corners: { ...asked, type: 'string' },
      isPainted: { ...asked, type: 'boolean', title: 'Is painted', default: true },
      stateDir: { ...asked, type: 'directory' },
    });
    for (const setting of [settings.boards, settings.plan, settings.corners]) expect(setting).not.toHaveProperty('sensitive');
    for (const setting of [settings.boards, settings.wood]) expect(setting).not.toHaveProperty('max');
  });

  it('passes every setting under the environment name that the program reads', () => {
    const { env } = server.mcp_config;
    expect(Object.values(env).sort()).toEqual(
      Object.keys(settings)
        .map((key) => `\${user_config.${key}}`)
        .sort(),
    );
    expect(env).toMatchObject({ FAIRWAY_PLAN: `\${user_config.plan}`, FAIRWAY_STATE_DIR: `\${user_config.stateDir}` });
  });
});
