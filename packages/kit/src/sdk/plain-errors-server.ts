import { explainIssues, fieldProblems } from '@fairway-mcp/validation';
import {
  type JSONRPCRequest,
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';

type Handler = (request: JSONRPCRequest, context: ServerContext) => Promise<Result>;

/**
 * The SDK's server, with what it lacks for malformed parameters: the SDK answers them as an internal error, with zod's issues as JSON text.
 * Here they are invalid parameters, in a sentence.
 */
export class PlainErrorsServer extends Server {
  protected override _wrapHandler(method: string, handler: Handler): Handler {
    const wrapped = super._wrapHandler(method, handler);
    return async (request, context) => {
      try {
        return await wrapped(request, context);
      } catch (thrown) {
        throw invalidParams(method, thrown) ?? thrown;
      }
    };
  }
}

/** Zod's issues as JSON, alone or behind a few words of the SDK's: all that it passes on. */
const ISSUES = /^[^[]*(\[\s*\{.*\])$/s;

function invalidParams(method: string, thrown: unknown): ProtocolError | undefined {
  const text = thrown instanceof Error ? ISSUES.exec(thrown.message)?.[1] : undefined;
  const issues = text === undefined ? undefined : parsedIssues(text);
  if (issues === undefined) return undefined;
  const why = explainIssues(fieldProblems(new z.ZodError(issues)));
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `The parameters of ${method} are not valid. ${why}.`);
}

/** The issues, of the parameters instead of the request; `undefined` when the text is something else. */
function parsedIssues(text: string): z.core.$ZodIssue[] | undefined {
  try {
    const issues = JSON.parse(text) as z.core.$ZodIssue[];
    return issues.map((issue) => ({ ...issue, path: issue.path[0] === 'params' ? issue.path.slice(1) : issue.path }));
  } catch {
    return undefined;
  }
}
