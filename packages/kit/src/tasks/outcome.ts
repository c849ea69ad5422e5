import type { Outcome } from '../pipeline/outcome.ts';
import type { TaskView } from './view.ts';

/** The call has become a task; this is what the client needs to poll it. */
export interface TaskCreated {
  kind: 'task';
  task: TaskView;
}

export type TaskOutcome = Outcome | TaskCreated;
