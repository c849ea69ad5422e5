import type { Observation } from '@fairway-mcp/telemetry';
import type { Catalog } from '../define/catalog.ts';
import type { Caller } from '../protocol/caller.ts';
import { errorCodeOf } from '../protocol/json-rpc.ts';
import type { PipelineRequest } from './request.ts';

/** A request to read something other than through a tool, on its way through the pipeline. What it asks for is in its name. */
export function readRequest({ readScope }: Catalog, name: string, caller: Caller, observation: Observation): PipelineRequest {
  return { name, scope: readScope, caller, arguments: {}, isWrite: false, errorCodeOf, observation };
}
