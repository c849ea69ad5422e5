import { setTimeout as sleep } from 'node:timers/promises';
import type { RawTool } from '@fairway-mcp/kit/conformance';
import type { CallToolResult, ElicitRequestFormParams } from '@modelcontextprotocol/server';

/** What only the protocol with sessions has: questions and log lines that a server pushes to its client. */

export function textResult(text: string): CallToolResult {
  return { content: [{ type: 'text', text }] };
}

const NO_INPUT = { type: 'object' as const };
const STEP_MS = 50;

const logging: RawTool = {
  listing: { name: 'test_tool_with_logging', description: 'Writes three lines to the log of the client.', inputSchema: NO_INPUT },
  async call(_request, { mcpReq }) {
    await mcpReq.log('info', 'Tool execution started');
    await sleep(STEP_MS);
    await mcpReq.log('info', 'Tool processing data');
    await sleep(STEP_MS);
    await mcpReq.log('info', 'Tool execution completed');
    return textResult('Three lines were written.');
  },
};

const sampling: RawTool = {
  listing: {
    name: 'test_sampling',
    description: "Puts a prompt to the client's model.",
    inputSchema: { type: 'object', properties: { prompt: { type: 'string', description: 'What to ask' } }, required: ['prompt'] },
  },
  async call({ arguments: given }, { mcpReq }) {
    const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: String(given?.prompt) } }];
    const { content } = await mcpReq.requestSampling({ messages, maxTokens: 100 });
    const [first] = [content].flat();
    return textResult(`LLM response: ${first?.type === 'text' ? first.text : 'no text'}`);
  },
};

const asking: RawTool = {
  listing: {
    name: 'test_elicitation',
    description: 'Asks the user for a name and an address.',
    inputSchema: { type: 'object', properties: { message: { type: 'string', description: 'The question' } }, required: ['message'] },
  },
  async call({ arguments: given }, { mcpReq }) {
    const answer = await mcpReq.elicitInput({
      message: String(given?.message),
      requestedSchema: {
        type: 'object',
        properties: {
          username: { type: 'string', description: "User's response" },
          email: { type: 'string', description: "User's email address" },
        },
        required: ['username', 'email'],
      },
    });
    return textResult(`User response: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`);
  },
};

/** A tool that shows a form and tells what was filled in. */
function formTool(name: string, properties: ElicitRequestFormParams['requestedSchema']['properties']): RawTool {
  return {
    listing: { name, description: 'Shows a form and tells what was filled in.', inputSchema: NO_INPUT },
    async call(_request, { mcpReq }) {
      const { action, content = {} } = await mcpReq.elicitInput({
        message: 'Please fill in the form.',
        requestedSchema: { type: 'object', properties },
      });
      return textResult(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`);
    },
  };
}

const withDefaults = formTool('test_elicitation_sep1034_defaults', {
  name: { type: 'string', default: 'John Doe' },
  age: { type: 'integer', default: 30 },
  score: { type: 'number', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
});

const OPTIONS = ['option1', 'option2', 'option3'];
const VALUES = [
  { const: 'value1', title: 'First' },
  { const: 'value2', title: 'Second' },
  { const: 'value3', title: 'Third' },
];

const withChoices = formTool('test_elicitation_sep1330_enums', {
  untitledSingle: { type: 'string', enum: OPTIONS },
  titledSingle: { type: 'string', oneOf: VALUES },
  legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option One', 'Option Two', 'Option Three'] },
  untitledMulti: { type: 'array', items: { type: 'string', enum: OPTIONS } },
  titledMulti: { type: 'array', items: { anyOf: VALUES } },
});

export const sessionTools = [logging, sampling, asking, withDefaults, withChoices];
