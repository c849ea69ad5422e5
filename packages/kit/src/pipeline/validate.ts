import { coerceJsonStrings, explainIssues, fieldProblems } from '@fairway-mcp/validation';
import type { CompiledTool } from '../define/catalog.ts';
import { ToolError } from '../protocol/errors.ts';
import { withoutFirstPageOnly } from './cursor.ts';

export interface Validated {
  /** The arguments as the tool's function will see them. */
  input: Record<string, unknown>;
  /** The arguments as they were given, or repaired: in the form that the schema describes. For the audit row. */
  given: unknown;
}

/**
 * Checks the arguments of a call. Values that a client sent as JSON text are repaired first.
 * @throws ToolError `invalid_input` naming each field that is wrong, and the nearest right name or value.
 */
export function validate(tool: CompiledTool, given: unknown): Validated {
  const input = withoutFirstPageOnly(tool, given ?? {});
  let result = tool.input.safeParse(input, { reportInput: true });
  let repaired: unknown;
  if (!result.success) {
    repaired = coerceJsonStrings(input, result.error);
    if (repaired !== undefined) result = tool.input.safeParse(repaired, { reportInput: true });
  }
  if (result.success) return { input: result.data, given: repaired ?? given };
  throw new ToolError({
    kind: 'invalid_input',
    message: `${tool.definition.name} cannot be called like this. ${sentence(explainIssues(fieldProblems(result.error, tool.input)))}`,
    remedy: 'Correct the arguments and call again.',
  });
}

function sentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}
