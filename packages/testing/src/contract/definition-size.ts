import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

/** The most that all tool definitions of a server may cost together: a model reads them with every conversation. */
export const MAX_DEFINITION_TOKENS = 6000;

/** What the tools of a server cost a model, as JSON, in tokens of o200k_base. */
export function definitionTokens(tools: readonly object[]): number {
  return countTokens(JSON.stringify(tools));
}
