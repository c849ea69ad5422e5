import type { RawTool } from '@fairway-mcp/kit/conformance';
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  inputRequired,
  MissingRequiredClientCapabilityError,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { textResult } from './raw-sessions.ts';

const NO_INPUT = { type: 'object' as const };

/** What the client said with this request that it can do. */
export function declaredCapabilities({ mcpReq }: ServerContext): ClientCapabilities {
  const envelope = mcpReq.envelope as Record<string, ClientCapabilities | undefined> | undefined;
  return envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
}

const missingCapability: RawTool = {
  listing: { name: 'test_missing_capability', description: 'Needs a client that can sample.', inputSchema: NO_INPUT },
  async call(_request, context) {
    if (declaredCapabilities(context).sampling !== undefined) return textResult('The client can sample.');
    throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
  },
};

const streamingQuestion: RawTool = {
  listing: { name: 'test_streaming_elicitation', description: 'Tells something, then asks.', inputSchema: NO_INPUT },
  async call(_request, { mcpReq }) {
    const progressToken = mcpReq._meta?.progressToken;
    if (progressToken !== undefined) await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress: 1 } });
    const requestedSchema = { type: 'object' as const, properties: { ok: { type: 'boolean' as const } }, required: ['ok'] };
    return inputRequired({ inputRequests: { confirm: inputRequired.elicit({ message: 'Go on?', requestedSchema }) } });
  },
};

const logging: RawTool = {
  listing: { name: 'test_logging_tool', description: 'Writes a line to the log of a client that wants it.', inputSchema: NO_INPUT },
  async call(_request, { mcpReq }) {
    await mcpReq.log('info', 'A line for those who asked for it.');
    return textResult('Logged.');
  },
};

const dialect: RawTool = {
  listing: {
    name: 'json_schema_2020_12_tool',
    description: 'Tool with JSON Schema 2020-12 features',
    inputSchema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: {
        address: {
          $anchor: 'addressDef',
          type: 'object',
          properties: { street: { type: 'string' }, city: { type: 'string' } },
        },
      },
      properties: {
        name: { type: 'string' },
        address: { $ref: '#/$defs/address' },
        contactMethod: { type: 'string', enum: ['phone', 'email'] },
        phone: { type: 'string' },
        email: { type: 'string' },
      },
      allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
      if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, in data.
      then: { required: ['phone'] },
      else: { required: ['email'] },
      additionalProperties: false,
    },
  },
  call: async () => textResult('ok'),
};

/** Every server that was made for a client, to tell them all of a change. */
const servers = new Set<Server>();

export function rememberServer(server: Server): void {
  servers.add(server);
}

/** A tool that says that a list has changed. It has not: what matters is who is told. */
function changeTool(name: string, tell: (server: Server) => Promise<void>): RawTool {
  return {
    listing: { name, description: 'Says that a list has changed.', inputSchema: NO_INPUT },
    async call() {
      // A server whose client has gone has nobody to tell.
      await Promise.allSettled([...servers].map(tell));
      return textResult('Told.');
    },
  };
}

export const diagnosticTools = [
  missingCapability,
  streamingQuestion,
  logging,
  dialect,
  changeTool('test_trigger_tool_change', (server) => server.sendToolListChanged()),
  changeTool('test_trigger_prompt_change', (server) => server.sendPromptListChanged()),
];
