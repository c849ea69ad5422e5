import type { ContentBlock, InputRequests } from '@modelcontextprotocol/server';
import type { TaskView } from '../tasks/view.ts';

/** A tool's answer, made ready for any transport. */
export interface Answer {
  kind: 'answer';
  content: readonly ContentBlock[];
  /** The typed answer, and the same as JSON text: it is made once, and spliced into the response where bytes are written. */
  structured?: { value: Record<string, unknown>; json: string };
  isError: boolean;
  /** `_meta` of the result. */
  meta?: Record<string, unknown>;
}

/** The call cannot go on before the person has answered. */
export interface Question {
  kind: 'question';
  inputRequests: InputRequests;
  requestState: string;
}

/** The call was never one: no such tool. Answered as a JSON-RPC error. */
export interface NoSuchTool {
  kind: 'no such tool';
  message: string;
}

/** The principal lacks a scope. */
export interface Forbidden {
  kind: 'forbidden';
  scope: string;
  answer: Answer;
}

/** The call goes on by itself; here is where to ask for its answer. */
export interface TaskCreated {
  kind: 'task';
  task: TaskView;
}

export type Outcome = Answer | Question | NoSuchTool | Forbidden | TaskCreated;
