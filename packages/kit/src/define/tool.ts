import type { ContentBlock } from '@modelcontextprotocol/server';
import type * as z from 'zod';
import type { Context, WriteContext } from './context.ts';

/** `read` changes nothing, `write` changes something that can be put right, `destroy` something that cannot. */
export type Access = 'read' | 'write' | 'destroy';

type ContextFor<A extends Access, Services> = A extends 'read' ? Context<Services> : WriteContext<Services>;

export interface ToolDefinition<Services, I extends z.ZodObject, O extends z.ZodObject, A extends Access> {
  /** `verb_noun`, lower case. Unique within the server and never changed: add the old name to `aliases` when it must. */
  name: string;
  title: string;
  /** For the model that chooses: what it answers, and when to use it. One or two sentences. */
  description: string;
  access: A;
  input: I;
  output: O;
  /**
   * The output's array field that is served page by page. The kit adds `limit` and `cursor` to the input and `total` and
   * `next_cursor` to the output; `run` returns all items, the kit cuts the page.
   */
  list?: keyof z.output<O> & string;
  /** Arguments that only matter for the first page (a refresh, a snapshot): behind a cursor they count as not given. */
  firstPageOnly?: readonly (keyof z.output<I> & string)[];
  /** Names the state of the data that the list was made from. When it changes between two pages, the second is refused. */
  listVersion?(output: z.input<O>): string;
  /** Whether it may take longer than a client waits: it is then offered as a task to clients that can come back for it. */
  longRunning?: boolean;
  /** Names under which older clients know the tool. They work, and are not listed. */
  aliases?: readonly string[];
  /** Whether the tool reaches beyond this machine (the MCP hint of that name). Default true. */
  openWorld?: boolean;
  /** Whether repeating it with the same arguments changes nothing more. Default: true for `read`, otherwise false. */
  idempotent?: boolean;
  run(input: z.output<I>, context: ContextFor<A, Services>): Promise<z.input<O>> | z.input<O>;
  /** A short rendering of the answer that can be read without the structured part. */
  text(output: z.output<O>): string;
  /** Content other than text (an image, an embedded resource), in place of the rendering. */
  content?(output: z.output<O>): ContentBlock[];
}

/** A defined tool, its input and output types sealed inside. */
export interface Tool<Services = unknown> {
  readonly definition: ToolDefinition<Services, z.ZodObject, z.ZodObject, Access>;
}

/** Defines one tool: pure data and one function. See docs/adding-a-tool.md. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject, A extends Access, Services = unknown>(
  definition: ToolDefinition<Services, I, O, A>,
): Tool<Services> {
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(definition.name))
    throw new TypeError(`"${definition.name}" is not a tool name: use lower-case letters, digits and "_".`);
  return { definition: definition as Tool<Services>['definition'] };
}
