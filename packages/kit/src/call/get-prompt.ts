import type { PromptDefinition, PromptMessage } from '../define/prompt.ts';
import { ToolError } from '../tool-error.ts';
import type { Caller } from './caller.ts';
import { readingContext } from './read-resource.ts';
import { accompany, observe, type WayDependencies } from './way.ts';

/**
 * Fills in a prompt on the same way as a call, recorded under `prompt:NAME`.
 * @throws ToolError `invalid_input` when a required value is missing or a value has no place.
 */
export async function getPrompt(
  dependencies: WayDependencies,
  prompt: PromptDefinition<unknown>,
  values: Record<string, string>,
  caller: Caller,
): Promise<PromptMessage[]> {
  const observation = observe(dependencies, caller, { method: 'prompts/get', prompt: prompt.name });
  const errand = { name: `prompt:${prompt.name}`, scope: `${dependencies.catalog.server}:read`, caller, arguments: {}, observation };
  return accompany(dependencies, errand, () => {
    refuseWrongValues(prompt, values);
    return prompt.messages(values, readingContext(dependencies, caller));
  });
}

function refuseWrongValues(prompt: PromptDefinition<unknown>, values: Record<string, string>): void {
  const known = prompt.arguments ?? {};
  const missing = Object.keys(known).filter((name) => known[name]?.required === true && values[name] === undefined);
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(known, name));
  const problems = [
    ...missing.map((name) => `${name} is missing`),
    ...(unknown.length > 0 ? ['there are values that it does not take'] : []),
  ];
  if (problems.length === 0) return;
  throw new ToolError({
    kind: 'invalid_input',
    message: `The prompt ${prompt.name} cannot be filled in: ${problems.join('; ')}.`,
    remedy: `It takes: ${Object.keys(known).join(', ') || 'nothing'}.`,
  });
}
