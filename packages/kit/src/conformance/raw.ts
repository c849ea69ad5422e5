import type {
  CallToolResult,
  GetPromptResult,
  InputRequest,
  InputRequiredResult,
  Prompt,
  Server,
  ServerCapabilities,
  ServerContext,
  Tool,
} from '@modelcontextprotocol/server';

/**
 * A tool in the protocol's own terms, for what the kit has no words for: sampling, forms, logging to the client. Scope, limits, audit
 * and telemetry are as for any tool that writes; its arguments and its answer are its own affair.
 */
export interface RawTool {
  listing: Tool;
  /** May throw the SDK's `ProtocolError`, for an answer that is a JSON-RPC error. */
  call(
    request: { name: string; arguments?: Record<string, unknown> | undefined },
    context: ServerContext,
  ): Promise<CallToolResult | InputRequiredResult | RawTask>;
}

/**
 * An answer of a raw tool that goes on as a task, for clients that declared the extension; others are refused. Nothing is known of what
 * it does, so that no other process can take it over: it ends with its own.
 */
export interface RawTask {
  task(waiting: {
    /** Fires when the task is cancelled. */
    readonly signal: AbortSignal;
    /** Puts a question to the person and waits for the client's answer, which nobody has looked at yet. */
    ask(question: InputRequest): Promise<unknown>;
  }): Promise<CallToolResult>;
}

/** A prompt in the protocol's own terms, for what the kit has no words for: asking the person first. */
export interface RawPrompt {
  listing: Prompt;
  /** May throw the SDK's `ProtocolError`, for an answer that is a JSON-RPC error. */
  get(
    request: { name: string; arguments?: Record<string, string> | undefined },
    context: ServerContext,
  ): Promise<GetPromptResult | InputRequiredResult>;
}

/** Additions to a server in the protocol's own terms. */
export interface Raw {
  capabilities?: ServerCapabilities;
  tools?: readonly RawTool[];
  prompts?: readonly RawPrompt[];
  /** Called for every SDK server that is made (one a session, in the older protocol), when the kit has set up its own handlers. */
  setUp?(server: Server): void;
}
