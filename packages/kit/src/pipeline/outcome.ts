import type { CallToolResult, ContentBlock, InputRequests } from '@modelcontextprotocol/server';

/** A tool's answer, ready for any transport. */
export interface Answer {
  kind: 'answer';
  content: readonly ContentBlock[];
  /** The typed answer, and the same as JSON text, which is serialized once and copied into the response. */
  structured?: { value: Record<string, unknown>; json: string };
  isError: boolean;
  /** `_meta` of the result. */
  meta?: Record<string, unknown>;
}

/** The call cannot continue before the user has answered. */
export interface InputRequired {
  kind: 'input required';
  inputRequests: InputRequests;
  requestState: string;
}

/** There is no tool of that name. Answered as a JSON-RPC error. */
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

export type Outcome = Answer | InputRequired | NoSuchTool | Forbidden;

/** An answer as the protocol's result object. */
export function resultOf({ content, structured, isError, meta }: Answer): CallToolResult {
  return {
    content: [...content],
    ...(structured !== undefined && { structuredContent: structured.value }),
    ...(isError && { isError }),
    ...(meta !== undefined && { _meta: meta }),
  };
}
