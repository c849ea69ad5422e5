import type { ContentBlock } from '@modelcontextprotocol/server';
import type * as z from 'zod';
import type { Context, SettleContext, WriteContext } from './context.ts';

/** `read` changes nothing, `write` changes something that can be undone, `destroy` something that cannot. */
export type Access = 'read' | 'write' | 'destroy';

/**
 * Why a tool that writes may do so without asking the user: `undoable`, a tool of the same server undoes it; `own-state`, it changes
 * nothing but the server's own state.
 */
export type WithoutConfirmation = 'undoable' | 'own-state';

/**
 * What a server found out about a write whose outcome was lost: it happened, with the output that the tool would have returned; it
 * certainly did not happen and cannot happen any more; or it still cannot be known.
 */
export type Settlement<Output> = { outcome: 'happened'; output: Output } | { outcome: 'did not happen' } | { outcome: 'unknown' };

type ContextFor<A extends Access, Services> = A extends 'read' ? Context<Services> : WriteContext<Services>;

export interface ToolDefinition<Services, I extends z.ZodObject, O extends z.ZodObject, A extends Access> {
  /** `verb_noun`, lower case. Unique within the server and never changed: add the old name to `aliases` when it must. */
  name: string;
  title: string;
  /** For the model that chooses: what it answers, and when to use it. One or two sentences. */
  description: string;
  access: A;
  /**
   * The last part of the scope that a caller needs: `execute` becomes `workflows:execute`. Default: the access. For a tool that not everyone
   * with this access may call.
   */
  scope?: string;
  /**
   * For a tool with access `write`: it is journaled and runs without asking the user, and this is why it may. Its function does not call
   * `confirm`. Clients cannot see the reason, so the description says what the tool changes; the README's table shows it.
   */
  withoutConfirmation?: A extends 'write' ? WithoutConfirmation : never;
  input: I;
  output: O;
  /**
   * The output's array field that is served page by page. The kit adds `limit` and `cursor` to the input and `total` and
   * `next_cursor` to the output; `run` returns all items, the kit cuts the page.
   */
  list?: keyof z.output<O> & string;
  /** Arguments that only count for the first page (a refresh, a snapshot): they are ignored together with a cursor. */
  firstPageOnly?: readonly (keyof z.output<I> & string)[];
  /**
   * Identifies the version of everything that the list was made from besides the arguments: the data, and settings that another process may
   * have otherwise. When it changes between two pages, the second is rejected.
   */
  listVersion?(output: z.input<O>, services: Services): string;
  /**
   * Instead of `listVersion`, where older states can still be read: names the state (a commit, a query) that the list was made from. The
   * cursor carries the name, and later pages get it as `snapshot` in their context, so that they are cut from the same list. At most 200
   * letters, digits, `.`, `_`, `:` and `-`. It comes back from the client: look it up as carefully as an argument, and throw a ToolError
   * `conflict` when it is gone.
   */
  listSnapshot?(output: z.input<O>): string;
  /** Whether it may take longer than a client waits: it then becomes a task for clients that support tasks. */
  longRunning?: boolean;
  /** Former names of the tool. They work, and are not listed. */
  aliases?: readonly string[];
  /** Whether the tool reaches beyond this machine (the MCP hint of that name). Default true. */
  openWorld?: boolean;
  /** Whether repeating it with the same arguments changes nothing more. Default: true for `read`, otherwise false. */
  idempotent?: boolean;
  run(input: z.output<I>, context: ContextFor<A, Services>): Promise<z.input<O>> | z.input<O>;
  /**
   * For a tool that writes: finds out, by reading, whether a write happened whose outcome was lost (a broken connection, a killed process).
   * The context's `idempotencyKey` is the one that `run` had. Called before the outcome is reported as unknown, and when the same write is
   * requested again. Without it, a lost outcome stays `unknown_outcome`.
   */
  settle?(input: z.output<I>, context: SettleContext<Services>): Promise<Settlement<z.input<O>>>;
  /** A short text that can be read without the structured part. */
  text(output: z.output<O>): string;
  /** Content other than text (an image, an embedded resource), in place of the rendering. */
  content?(output: z.output<O>): ContentBlock[];
}

/** A defined tool. Its input and output types are checked where it is defined. */
export interface Tool<Services = unknown> {
  readonly definition: ToolDefinition<Services, z.ZodObject, z.ZodObject, Access>;
}

/** Defines one tool: pure data and one function. See docs/adding-a-tool.md. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject, A extends Access, Services = unknown>(
  definition: ToolDefinition<Services, I, O, A>,
): Tool<Services> {
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(definition.name))
    throw new TypeError(`"${definition.name}" is not a tool name: use lower-case letters, digits and "_".`);
  const fault = faultOf(definition as unknown as Tool['definition']);
  if (fault !== undefined) throw new TypeError(`${definition.name}: ${fault}`);
  return { definition: definition as Tool<Services>['definition'] };
}

/** What the types cannot rule out. */
function faultOf({ access, scope, withoutConfirmation, settle, list, listVersion, listSnapshot }: Tool['definition']): string | undefined {
  if (scope !== undefined && !/^[a-z][a-z0-9-]*$/.test(scope)) return `"${scope}" is not the last part of a scope, such as "execute".`;
  if (withoutConfirmation !== undefined && access !== 'write') return `with access "${access}" it cannot be withoutConfirmation.`;
  if (settle !== undefined && access === 'read') return 'it only reads, so there is nothing to settle.';
  if (list === undefined && (listVersion ?? listSnapshot) !== undefined) return 'it has no list that could be cut into pages.';
  if (listVersion !== undefined && listSnapshot !== undefined)
    return 'a list is either refused when it changes or cut from a snapshot, not both.';
  return undefined;
}
