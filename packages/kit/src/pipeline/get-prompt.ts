import { ProtocolError } from '@modelcontextprotocol/server';
import type { PromptDefinition, PromptMessage } from '../define/prompt.ts';
import type { Caller } from '../protocol/caller.ts';
import { ToolError } from '../protocol/errors.ts';
import { errorCodeOf, INVALID_PARAMS } from '../protocol/json-rpc.ts';
import { accompany, observe, type WayDependencies } from './pipeline.ts';
import { readingContext } from './read-resource.ts';

/** A prompt, filled in. */
export interface FilledPrompt {
  description: string;
  messages: PromptMessage[];
}

/**
 * Fills in a prompt on the same way as a call, recorded under `prompt:NAME`.
 * @throws ProtocolError when there is no such prompt
 * @throws ToolError `invalid_input` when a required value is missing or a value has no place
 */
export async function getPrompt(
  dependencies: WayDependencies,
  name: string,
  values: Record<string, string>,
  caller: Caller,
): Promise<FilledPrompt> {
  const { prompts, raw, server } = dependencies.catalog;
  const prompt = prompts.get(name);
  if (prompt === undefined) {
    observe(dependencies, caller, { method: 'prompts/get' }).end({ kind: 'not_found', code: INVALID_PARAMS });
    const names = [...prompts.keys(), ...raw.prompts.keys()];
    throw new ProtocolError(INVALID_PARAMS, `There is no prompt of that name. Prompts: ${names.join(', ')}.`);
  }
  const observation = observe(dependencies, caller, { method: 'prompts/get', prompt: prompt.name });
  const errand = { name: `prompt:${prompt.name}`, scope: `${server}:read`, caller, arguments: {}, codeOf: errorCodeOf, observation };
  return accompany(dependencies, errand, async () => {
    refuseWrongValues(prompt, values);
    const messages = await prompt.messages(values, readingContext(dependencies, { caller, trace: observation }));
    return { description: prompt.description, messages };
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
