import path from 'node:path';
import { defineServer, defineTool } from '@fairway-mcp/kit';
import { describeServer } from '@fairway-mcp/kit/describe';
import * as z from 'zod';
import type { DescribedServer } from './definitions.ts';

const answer = { input: z.object({}), output: z.object({ text: z.string() }), text: () => '', run: () => ({ text: '' }) };

/** A server with everything that generated files show: a secret, a required setting, choices, a number, a file, hosts, and a section of its own. */
export const shelves: DescribedServer = {
  mcpName: 'io.github.fairway-mcp/shelves',
  workspace: {
    name: 'shelves',
    folder: 'servers/shelves',
    path: path.resolve('servers/shelves'),
    manifest: {
      name: '@fairway-mcp/shelves',
      version: '1.2.3',
      description: 'Keeps shelves.',
      mcpName: 'io.github.fairway-mcp/shelves',
      license: 'MIT',
      engines: { node: '>=24.11.0' },
      repository: { type: 'git', url: 'git+https://github.com/fairway-mcp/fairway.git', directory: 'servers/shelves' },
    },
  },
  facts: describeServer(
    defineServer({
      name: 'shelves',
      title: 'Shelves',
      description: 'Keeps shelves.',
      version: '1.2.3',
      config: z.object({
        address: z.string().meta({ description: 'Where the shelves are.', placeholder: 'URL' }),
        password: z.string().optional().meta({ description: 'Opens a|b.', secret: true }),
        wood: z.enum(['oak', 'pine']).default('oak').meta({ description: 'What they are made of.' }),
        boards: z.int().min(1).default(5).meta({ description: 'How many.' }),
        plan: z.string().optional().meta({ description: 'How they stand (a drawing).', placeholder: 'FILE', path: 'file' }),
        corners: z.array(z.string()).default([]).meta({ description: 'Which corners.' }),
        isPainted: z.boolean().default(true).meta({ description: 'Whether they have a colour.' }),
      }),
      hosts: [
        { host: 'wood.example', why: 'prices of wood' },
        { setting: 'address', why: 'the shelves', private: true },
      ],
      services: () => ({}),
      tools: [
        defineTool({ ...answer, name: 'list_shelves', title: 'List', description: 'All shelves.', access: 'read' }),
        defineTool({ ...answer, name: 'find_shelf', title: 'Find', description: 'One shelf.', access: 'read' }),
        defineTool({
          ...answer,
          name: 'move_shelf',
          title: 'Move',
          description: 'Moves a shelf.',
          access: 'write',
          scope: 'move',
          withoutConfirmation: 'undoable',
        }),
        defineTool({ ...answer, name: 'burn_shelf', title: 'Burn', description: 'Ends a shelf.', access: 'destroy' }),
      ],
      readmeSections: { permissions: (tools) => `Every tool needs hands: ${tools.join(', ')}.` },
    }),
  ),
};
