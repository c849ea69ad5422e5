import { coerceJsonStrings, explainIssues, fieldProblems } from '@fairway-mcp/validation';
import type { CompiledTool } from '../define/catalog.ts';
import { ToolError } from '../protocol/errors.ts';
import { withoutFirstPageOnly } from './cursor.ts';

/**
 * The arguments as the tool's function will see them. Values that a client sent as JSON text are repaired first.
 * @throws ToolError `invalid_input` naming each field that is wrong, and the nearest right name or value.
 */
export function validate(tool: CompiledTool, given: unknown): Record<string, unknown> {
  const input = withoutFirstPageOnly(tool, given ?? {});
  let result = tool.input.safeParse(input, { reportInput: true });
  if (!result.success) {
    const repaired = coerceJsonStrings(input, result.error);
    if (repaired !== undefined) result = tool.input.safeParse(repaired, { reportInput: true });
  }
  if (result.success) return result.data;
  throw new ToolError({
    kind: 'invalid_input',
    message: `${tool.definition.name} cannot be called like this. ${sentence(explainIssues(fieldProblems(result.error, tool.input)))}`,
    remedy: 'Correct the arguments and call again.',
  });
}

function sentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}
