import type { DemoQuestion } from '@fairway-mcp/testing';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { indent, say } from '../terminal.ts';

/** The structured answers so far, by tool. */
type Answers = Map<string, unknown>;

/** Calls a server's tools through the official client and prints each question with the answer. */
export async function askQuestions(url: string, questions: readonly DemoQuestion[]): Promise<void> {
  const client = new Client({ name: 'fairway-start', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const { tools } = await client.listTools();
  say(`An MCP client is connected and sees ${tools.length} tools: ${tools.map(({ name }) => name).join(', ')}.\n`);
  const answers: Answers = new Map();
  for (const question of questions) {
    const args = argumentsOf(question, answers);
    if (args !== undefined) answers.set(question.tool, await ask(client, question, args));
  }
  await client.close();
}

/** `undefined` when an earlier answer lacks the value that the question needs. */
export function argumentsOf(
  { arguments: fixed = {}, argumentsFrom = {} }: DemoQuestion,
  answers: Answers,
): Record<string, unknown> | undefined {
  const taken = Object.entries(argumentsFrom).map(([name, { tool, path }]) => [name, valueAt(answers.get(tool), path)] as const);
  return taken.some(([, value]) => value === undefined) ? undefined : { ...fixed, ...Object.fromEntries(taken) };
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value);
}

async function ask(client: Client, { question, tool }: DemoQuestion, args: Record<string, unknown>): Promise<unknown> {
  const result = await client.callTool({ name: tool, arguments: args });
  const [first] = result.content;
  const text = first?.type === 'text' ? first.text : '';
  if (result.isError === true) throw new Error(`${tool} failed: ${text}`);
  say(`${bold(`“${question}”`)}  ${dim(`${tool} ${JSON.stringify(args)}`)}\n`);
  say(`${indent(text, '  ')}\n`);
  return result.structuredContent;
}

function bold(text: string): string {
  return process.stdout.isTTY ? `\u001b[1m${text}\u001b[0m` : text;
}

function dim(text: string): string {
  return process.stdout.isTTY ? `\u001b[2m${text}\u001b[0m` : text;
}
