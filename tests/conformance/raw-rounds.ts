import { randomBytes } from 'node:crypto';
import type { RawPrompt, RawTool } from '@fairway-mcp/kit/conformance';
import {
  acceptedContent,
  createRequestStateCodec,
  type InputRequests,
  inputRequired,
  inputResponse,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { declaredCapabilities } from './raw-diagnostics.ts';
import { textResult } from './raw-sessions.ts';

/** Questions of the protocol without sessions: a call ends with what it has to know, and is made again with the answers. */

const codec = createRequestStateCodec<{ step: string; name?: string }>({ key: randomBytes(32), ttlSeconds: 60 });
const named = z.object({ name: z.string() });

/** The form that asks for one thing. */
export function formFor(message: string, field: string, schema: { type: 'string' } | { type: 'boolean' } = { type: 'string' }) {
  return inputRequired.elicit({ message, requestedSchema: { type: 'object', properties: { [field]: schema }, required: [field] } });
}

function question(text: string, maxTokens: number) {
  return inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens });
}

function tool(name: string, call: (context: ServerContext) => ReturnType<RawTool['call']>): RawTool {
  const listing = { name, description: 'Asks for what it has to know.', inputSchema: { type: 'object' as const } };
  return { listing, call: (_request, context) => call(context) };
}

/** The state of the round before, `undefined` in the first one. Anything that was not signed here is refused. */
async function stateOf(context: ServerContext) {
  const text = context.mcpReq.requestState<string>();
  if (text === undefined) return undefined;
  try {
    return await codec.verify(text, context);
  } catch {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The requestState was not made here.');
  }
}

const elicitation = tool('test_input_required_result_elicitation', async ({ mcpReq }) => {
  const answer = acceptedContent(mcpReq.inputResponses, 'user_name', named);
  if (answer === undefined) return inputRequired({ inputRequests: { user_name: formFor('What is your name?', 'name') } });
  return textResult(`Hello, ${answer.name}!`);
});

const sampling = tool('test_input_required_result_sampling', async ({ mcpReq }) => {
  const answer = inputResponse(mcpReq.inputResponses, 'capital_question');
  if (answer.kind === 'sampling') return textResult(`The model says: ${JSON.stringify(answer.result.content)}`);
  return inputRequired({ inputRequests: { capital_question: question('What is the capital of France?', 100) } });
});

const roots = tool('test_input_required_result_list_roots', async ({ mcpReq }) => {
  const answer = inputResponse(mcpReq.inputResponses, 'client_roots');
  if (answer.kind === 'roots') return textResult(`Roots: ${answer.roots.map(({ uri }) => uri).join(', ')}`);
  return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
});

/** A tool whose question carries a signed state, which has to come back as it was. */
function confirmingTool(name: string): RawTool {
  return tool(name, async (context) => {
    const state = await stateOf(context);
    const answer = acceptedContent(context.mcpReq.inputResponses, 'confirm', z.object({ ok: z.boolean() }));
    if (state?.step === 'confirm' && answer !== undefined) return textResult('state-ok');
    const requestState = await codec.mint({ step: 'confirm' });
    return inputRequired({ inputRequests: { confirm: formFor('Please confirm', 'ok', { type: 'boolean' }) }, requestState });
  });
}

const many = tool('test_input_required_result_multiple_inputs', async (context) => {
  const { inputResponses } = context.mcpReq;
  const state = await stateOf(context);
  const name = acceptedContent(inputResponses, 'user_name', named);
  const greeting = inputResponse(inputResponses, 'greeting');
  const places = inputResponse(inputResponses, 'client_roots');
  if (state !== undefined && name !== undefined && greeting.kind === 'sampling' && places.kind === 'roots')
    return textResult(`${name.name} has ${places.roots.length} roots.`);
  return inputRequired({
    inputRequests: {
      user_name: formFor('What is your name?', 'name'),
      greeting: question('Generate a greeting', 50),
      client_roots: inputRequired.listRoots(),
    },
    requestState: await codec.mint({ step: 'many' }),
  });
});

const rounds = tool('test_input_required_result_multi_round', async (context) => {
  const { inputResponses } = context.mcpReq;
  const state = await stateOf(context);
  const name = acceptedContent(inputResponses, 'step1', named);
  if (state?.step === 'second') {
    const color = acceptedContent(inputResponses, 'step2', z.object({ color: z.string() }));
    if (color !== undefined) return textResult(`${state.name} likes ${color.color}.`);
  }
  if (state?.step === 'first' && name !== undefined) {
    const requestState = await codec.mint({ step: 'second', name: name.name });
    return inputRequired({ inputRequests: { step2: formFor('Step 2: What is your favorite color?', 'color') }, requestState });
  }
  const requestState = await codec.mint({ step: 'first' });
  return inputRequired({ inputRequests: { step1: formFor('Step 1: What is your name?', 'name') }, requestState });
});

/** Asks only for what the client has said that it can do. */
const able = tool('test_input_required_result_capabilities', async (context) => {
  const { elicitation: canAsk, sampling: canSample } = declaredCapabilities(context);
  const inputRequests: InputRequests = {
    ...(canAsk !== undefined && { user_name: formFor('What is your name?', 'name') }),
    ...(canSample !== undefined && { greeting: question('Generate a greeting', 50) }),
  };
  return Object.keys(inputRequests).length === 0 ? textResult('Nothing can be asked.') : inputRequired({ inputRequests });
});

export const roundTools = [
  elicitation,
  sampling,
  roots,
  confirmingTool('test_input_required_result_request_state'),
  confirmingTool('test_input_required_result_tampered_state'),
  many,
  rounds,
  able,
];

export const roundPrompt: RawPrompt = {
  listing: { name: 'test_input_required_result_prompt', description: 'Asks for its context.' },
  async get(_request, { mcpReq }) {
    const answer = acceptedContent(mcpReq.inputResponses, 'user_context', z.object({ context: z.string() }));
    if (answer === undefined)
      return inputRequired({ inputRequests: { user_context: formFor('What context should the prompt use?', 'context') } });
    return { messages: [{ role: 'user', content: { type: 'text', text: `Use this context: ${answer.context}` } }] };
  },
};
