import { defineServer } from '@fairway-mcp/kit';
import type { Raw } from '@fairway-mcp/kit/conformance';
import * as z from 'zod';
import { plainTools } from './plain-tools.ts';
import { prompts } from './prompts.ts';
import { diagnosticTools, rememberServer } from './raw-diagnostics.ts';
import { roundPrompt, roundTools } from './raw-rounds.ts';
import { sessionTools } from './raw-sessions.ts';
import { resources } from './resources.ts';
import { rawTaskTools, taskTools } from './tasks.ts';

/**
 * What the protocol's conformance suite wants to find in a server. What the kit has words for is said in them; the rest, which
 * servers do not need, is said in the protocol's own terms.
 */
export const conformanceServer = defineServer({
  name: 'conformance',
  title: 'Conformance',
  description: "The counterpart of the protocol's conformance suite.",
  version: '1.0.0',
  config: z.object({}),
  services: () => ({}),
  tools: [...plainTools, ...taskTools],
  resources,
  prompts,
});

/** What the suite wants to see and servers do not need. */
export const raw: Raw = {
  capabilities: {
    logging: {},
    tools: { listChanged: true },
    prompts: { listChanged: true },
  },
  tools: [...sessionTools, ...roundTools, ...diagnosticTools, ...rawTaskTools],
  prompts: [roundPrompt],
  setUp: rememberServer,
};
