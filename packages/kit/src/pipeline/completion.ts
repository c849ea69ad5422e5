import { UriTemplate } from '@modelcontextprotocol/server';
import type { Catalog } from '../define/catalog.ts';
import type { Context } from '../define/context.ts';
import type { Suggest } from '../define/resource.ts';
import type { Caller } from '../protocol/caller.ts';
import { errorCodeOf } from '../protocol/json-rpc.ts';
import { publicError } from './errors.ts';
import type { ReadOptions } from './resources.ts';

/** What a completion is asked for: an argument of a prompt, or a variable of a resource template. */
export interface CompletionRequest {
  ref: { type: 'ref/prompt'; name: string } | { type: 'ref/resource'; uri: string };
  argument: { name: string; value: string };
  /** What the user has filled in already. */
  context?: { arguments?: Record<string, string> | undefined } | undefined;
}

export interface Completion {
  values: string[];
  total: number;
  hasMore: boolean;
}

export type Complete = (request: CompletionRequest, caller: Caller) => Promise<Completion>;

const METHOD = 'completion/complete';
const MAX_SUGGESTIONS = 100;
/** Nothing is suggested for a longer text. */
const MAX_TYPED = 1_000;

/** Suggests values. Admitted and observed, but not recorded: clients request it at every keystroke. @throws ToolError `rate_limited` */
export function createCompletion({ catalog, admit, observe, createContext }: Omit<ReadOptions, 'handle'>): Complete {
  async function complete({ ref, argument, context: already }: CompletionRequest, context: Context<unknown>): Promise<Completion> {
    const { suggests = {}, names } = ref.type === 'ref/prompt' ? promptArguments(catalog, ref.name) : templateVariables(catalog, ref.uri);
    const suggest = Object.hasOwn(suggests, argument.name) ? suggests[argument.name] : undefined;
    const given = others(names, argument.name, already?.arguments);
    const values = await suggestions(suggest, argument.value, context, given);
    return { values: values.slice(0, MAX_SUGGESTIONS), total: values.length, hasMore: values.length > MAX_SUGGESTIONS };
  }

  return async (request, caller) => {
    const observation = observe(caller, { method: METHOD });
    try {
      const completion = await admit(caller.principal, METHOD, () => complete(request, createContext(caller, observation)));
      observation.end();
      return completion;
    } catch (error) {
      const { kind } = publicError(error, false);
      observation.end({ kind, code: errorCodeOf(kind) });
      throw error;
    }
  };
}

/** What can be completed, and the names of everything that can be filled in. */
interface Completable {
  suggests?: Readonly<Record<string, Suggest<unknown> | undefined>> | undefined;
  names: readonly string[];
}

function promptArguments({ prompts }: Catalog, name: string): Completable {
  const declared = Object.entries(prompts.get(name)?.arguments ?? {});
  return {
    suggests: Object.fromEntries(declared.map(([key, { complete }]) => [key, complete])),
    names: declared.map(([key]) => key),
  };
}

function templateVariables({ resources }: Catalog, uri: string): Completable {
  const resource = resources.find((candidate) => candidate.uri === uri);
  return resource === undefined ? { names: [] } : { suggests: resource.complete, names: new UriTemplate(uri).variableNames };
}

/** What is filled in besides the one being typed. Names that do not belong there are dropped. */
function others(names: readonly string[], typing: string, filledIn: Record<string, string> = {}): Record<string, string> {
  const known = Object.entries(filledIn).filter(([name]) => name !== typing && names.includes(name));
  return Object.fromEntries(known);
}

/** A suggestion that cannot be made is no error: the user types on. */
async function suggestions(
  suggest: Suggest<unknown> | undefined,
  typed: string,
  context: Context<unknown>,
  given: Record<string, string>,
): Promise<string[]> {
  if (suggest === undefined || typed.length > MAX_TYPED) return [];
  try {
    return await suggest(typed, context, given);
  } catch (error) {
    context.log.warn('Completion failed', { error });
    return [];
  }
}
