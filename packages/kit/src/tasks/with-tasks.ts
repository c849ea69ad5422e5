import type { Catalog } from '../define/catalog.ts';
import type { Outcome } from '../pipeline/outcome.ts';
import type { Pipeline, ToolCall } from '../pipeline/pipeline.ts';
import type { Tasks } from './tasks.ts';
import type { TaskView } from './view.ts';

/** The call has become a task; this is what the client needs to poll it. */
export interface TaskCreated {
  kind: 'task';
  task: TaskView;
}

export type TaskOutcome = Outcome | TaskCreated;

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
