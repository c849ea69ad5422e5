import { definitionTokens, MAX_DEFINITION_TOKENS } from '@fairway-mcp/testing/definition-size';
import { describeWorkspace } from '../generate/definitions.ts';
import type { Workspace } from '../workspace.ts';
import type { Check } from './check.ts';

/** What the definitions of a server's tools cost every conversation, in tokens, is printed and limited. */
export function definitionsCheck(workspace: Workspace): Check {
  return {
    name: `definitions ${workspace.name}`,
    async run() {
      const { facts } = await describeWorkspace(workspace);
      return checkSize(facts.tools.map(({ listing }) => listing));
    },
  };
}

/** Whether the tools, as `tools/list` gives them, are small enough. */
export function checkSize(tools: readonly object[]): { problems: string[]; note: string } {
  const tokens = definitionTokens(tools);
  const [cost, most] = [tokens, MAX_DEFINITION_TOKENS].map((count) => count.toLocaleString('en-US'));
  const note = `${cost} of ${most} tokens (o200k_base)`;
  return tokens <= MAX_DEFINITION_TOKENS
    ? { problems: [], note }
    : { problems: [`The tools cost every conversation ${cost} tokens; the limit is ${most}. Shorten descriptions and schemas.`], note };
}
