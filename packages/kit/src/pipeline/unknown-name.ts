import { ProtocolError } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Caller } from '../protocol/caller.ts';
import { errorCodeOf, INVALID_PARAMS } from '../protocol/json-rpc.ts';
import type { Observe, PipelineRequest } from './request.ts';

/** The server has nothing of that name. */
export class UnknownNameError extends ProtocolError {
  constructor(message: string) {
    super(INVALID_PARAMS, message);
  }
}

/** It is text of a client, which can be anything: the audit row holds its length. */
const schema = z.object({ name: z.string() });

/**
 * A request that names something the server does not have, on its way through the pipeline: it is admitted and recorded like any other, under
 * its method. It needs no scope.
 */
export function requestOfUnknown(observe: Observe, caller: Caller, method: string, name: string): PipelineRequest {
  const observation = observe(caller, { method });
  return { name: method, scope: undefined, caller, arguments: { name }, schema, isWrite: false, errorCodeOf, observation };
}
