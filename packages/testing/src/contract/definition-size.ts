import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

/** Limit of all tool definitions of a server together: a model reads them in every conversation. */
export const MAX_DEFINITION_TOKENS = 6000;

/** The size of tool definitions as JSON, in tokens of o200k_base. */
export function definitionTokens(tools: readonly object[]): number {
  return countTokens(JSON.stringify(tools));
}
