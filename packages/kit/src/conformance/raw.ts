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
 * A tool in the protocol's own terms, for what the protocol's conformance suite wants to see and the kit has no definition for: sampling,
 * forms, logging to the client. Scope, limits, audit and telemetry are as for any tool that writes; its arguments and its answer are not
 * validated.
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
 * An answer of a raw tool that becomes a task, for clients that declared the extension; others get an error. No other process can reclaim
 * it: it ends with its process.
 */
export interface RawTask {
  task(caller: {
    /** Fires when the task is cancelled. */
    readonly signal: AbortSignal;
    /** Asks the user and waits for the client's answer, which has not been validated. */
    requestInput(request: InputRequest): Promise<unknown>;
  }): Promise<CallToolResult>;
}

/** A prompt in the protocol's own terms: one that asks the user first. */
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
  /** Called for every SDK server that is created (one a session, in the older protocol), after all handlers have been set. */
  setUp?(server: Server): void;
}
