import type { Context } from '../define/context.ts';
import type { Caller } from '../protocol/caller.ts';
import type { ReadOptions } from './resources.ts';

/** What a completion is asked for: an argument of a prompt, or a variable of a resource template. */
export interface CompletionRequest {
  ref: { type: 'ref/prompt'; name: string } | { type: 'ref/resource'; uri: string };
  argument: { name: string; value: string };
}

export interface Completion {
  values: string[];
  total: number;
  hasMore: boolean;
}

export type Complete = (request: CompletionRequest, caller: Caller) => Promise<Completion>;

type Suggest = (typed: string, context: Context<unknown>) => Promise<string[]> | string[];

const MAX_SUGGESTIONS = 100;

/** Suggests values. Observed, but not recorded: clients request it at every keystroke. */
export function createCompletion({ catalog, observe, createContext }: Omit<ReadOptions, 'handle'>): Complete {
  return async ({ ref, argument }, caller) => {
    const suggest =
      ref.type === 'ref/prompt'
        ? ownValue(catalog.prompts.get(ref.name)?.arguments, argument.name)?.complete
        : ownValue(catalog.resources.find((resource) => resource.uri === ref.uri)?.complete, argument.name);
    const observation = observe(caller, { method: 'completion/complete' });
    const values = await suggestions(suggest, argument.value, createContext(caller, observation));
    observation.end();
    return { values: values.slice(0, MAX_SUGGESTIONS), total: values.length, hasMore: values.length > MAX_SUGGESTIONS };
  };
}

/** A suggestion that cannot be made is no error: the user types on. */
async function suggestions(suggest: Suggest | undefined, typed: string, context: Context<unknown>): Promise<string[]> {
  if (suggest === undefined) return [];
  try {
    return await suggest(typed, context);
  } catch (error) {
    context.log.warn('Completion failed', { error });
    return [];
  }
}

function ownValue<T>(record: Record<string, T> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
