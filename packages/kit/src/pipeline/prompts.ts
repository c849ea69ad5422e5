import type { PromptDefinition, PromptMessage } from '../define/prompt.ts';
import type { Caller } from '../protocol/caller.ts';
import { ToolError } from '../protocol/errors.ts';
import { readRequest } from './read-request.ts';
import type { ReadOptions } from './resources.ts';
import { requestOfUnknown, UnknownNameError } from './unknown-name.ts';

/** A prompt, filled in. */
export interface FilledPrompt {
  description: string;
  messages: PromptMessage[];
}

/**
 * @throws UnknownNameError when there is no such prompt
 * @throws ToolError `invalid_input` when a required value is missing or a value is unknown
 */
export type GetPrompt = (name: string, values: Record<string, string>, caller: Caller) => Promise<FilledPrompt>;

/** Fills in prompts through the pipeline, recorded as `prompt:NAME`. */
export function createPromptGetter({ catalog, handle, observe, createContext }: ReadOptions): GetPrompt {
  return async (name, values, caller) => {
    const prompt = catalog.prompts.get(name);
    if (prompt === undefined) {
      return handle(requestOfUnknown(observe, caller, 'prompts/get', name), () => {
        throw new UnknownNameError(`There is no prompt of that name. Prompts: ${[...catalog.prompts.keys()].join(', ')}.`);
      });
    }
    const observation = observe(caller, { method: 'prompts/get', prompt: prompt.name });
    const request = readRequest(catalog, `prompt:${prompt.name}`, caller, observation);
    return handle(request, async () => {
      validateValues(prompt, values);
      const messages = await prompt.messages(values, createContext(caller, observation));
      return { description: prompt.description, messages };
    });
  };
}

function validateValues(prompt: PromptDefinition<unknown>, values: Record<string, string>): void {
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
