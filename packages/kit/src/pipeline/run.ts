import { once } from '@fairway-mcp/async';
import type { WriteJournal } from '@fairway-mcp/store';
import type { CompiledTool } from '../define/catalog.ts';
import { ToolError } from '../protocol/errors.ts';
import type { Confirmations } from './confirmations.ts';
import { CallContext, type SharedContext, type ToolRun } from './context.ts';
import type { Deadlines } from './deadlines.ts';
import { Write } from './write.ts';
import { WriteLeases } from './write-leases.ts';

export interface RunOptions {
  shared: SharedContext;
  deadlines: Deadlines;
  confirmations: Confirmations;
  journal: () => Promise<WriteJournal>;
}

/** Runs the function of a tool. @returns its output */
export type RunTool = (tool: CompiledTool, run: ToolRun) => unknown;

export function createToolRunner(options: RunOptions): RunTool {
  const { shared, deadlines } = options;
  const leases = once(async () => new WriteLeases(await options.journal(), shared.log));

  function runRead(tool: CompiledTool, run: ToolRun): unknown {
    const context = new CallContext(shared, run);
    const output = tool.definition.run(run.input, context);
    return output instanceof Promise ? withinDeadline(deadlines, tool, run, context, output) : output;
  }

  async function runWrite(tool: CompiledTool, run: ToolRun): Promise<unknown> {
    const write = new Write(tool, run, { ...shared, confirmations: options.confirmations, leases: await leases() });
    const context = new CallContext(shared, run, write);
    return write.perform(
      async () => tool.definition.run(run.input, context),
      (work) => withinDeadline(deadlines, tool, run, context, work),
    );
  }

  return (tool, run) => (tool.definition.access === 'read' ? runRead(tool, run) : runWrite(tool, run));
}

/** @throws ToolError `timeout` when the deadline passes first; the context's signal then fires. */
async function withinDeadline(
  deadlines: Deadlines,
  tool: CompiledTool,
  { timeoutMs }: ToolRun,
  context: CallContext,
  work: Promise<unknown>,
): Promise<unknown> {
  if (timeoutMs === undefined || context.deadline === undefined) return work;
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const token = deadlines.set(context.deadline, () => {
    const error = new ToolError({
      kind: 'timeout',
      message: `${tool.definition.name} did not finish within ${Math.round(timeoutMs / 1000)} s.`,
      remedy: 'Ask for less (a narrower filter), or let the operator raise --deadline-seconds.',
    });
    context.abort(error);
    reject(error);
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    deadlines.clear(token);
  }
}
