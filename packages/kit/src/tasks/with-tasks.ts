import type { Catalog } from '../define/catalog.ts';
import type { Pipeline, ToolCall } from '../pipeline/pipeline.ts';
import type { TaskOutcome } from './outcome.ts';
import type { Tasks } from './tasks.ts';

/** The pipeline as transports see it: a call may become a task. */
export interface TaskPipeline extends Omit<Pipeline, 'callTool'> {
  /** Never rejects. */
  callTool(call: ToolCall): Promise<TaskOutcome>;
  /** `undefined` where no tool is long-running. */
  readonly tasks: Tasks | undefined;
}

/** Makes tasks of long calls, where the client supports them. */
export function withTasks(pipeline: Pipeline, catalog: Catalog, tasks: Tasks | undefined): TaskPipeline {
  if (tasks === undefined) return { ...pipeline, tasks };
  return {
    ...pipeline,
    tasks,
    callTool(call) {
      const tool = catalog.tools.get(call.name);
      return tool !== undefined && tasks.accepts(tool, call.caller)
        ? tasks.call(tool, call.arguments, call.caller)
        : pipeline.callTool(call);
    },
  };
}
