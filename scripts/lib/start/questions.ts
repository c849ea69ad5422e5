import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { indent, say } from '../terminal.ts';

interface Answer {
  text: string;
  structured: Record<string, unknown>;
}

/** A few telling calls through the official client, each with the question that a person would put to an assistant. */
export async function askQuestions(url: string): Promise<void> {
  const client = new Client({ name: 'fairway-start', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const { tools } = await client.listTools();
  say(`An MCP client is connected and sees ${tools.length} tools: ${tools.map(({ name }) => name).join(', ')}.\n`);
  await ask(client, 'How compliant are our tags?', 'check_tag_compliance', { limit: 5 });
  const untagged = await ask(client, 'Which untagged resources cost us most?', 'find_untagged_resources', {
    include_costs: true,
    limit: 5,
  });
  await ask(client, 'How much spend can nobody be charged for?', 'get_cost_attribution_gap', { group_by: 'account' });
  const worst = firstArn(untagged);
  if (worst !== undefined) await ask(client, 'What should the tags of the most expensive one be?', 'suggest_tags', { resource_arn: worst });
  await client.close();
}

async function ask(client: Client, question: string, name: string, args: Record<string, unknown>): Promise<Answer> {
  const result = await client.callTool({ name, arguments: args });
  const [first] = result.content;
  const text = first?.type === 'text' ? first.text : '';
  if (result.isError === true) throw new Error(`${name} failed: ${text}`);
  say(`${bold(`“${question}”`)}  ${dim(`${name} ${JSON.stringify(args)}`)}\n`);
  say(`${indent(text, '  ')}\n`);
  return { text, structured: (result.structuredContent ?? {}) as Record<string, unknown> };
}

function firstArn({ structured }: Answer): string | undefined {
  const [first] = structured.resources as { arn: string }[];
  return first?.arn;
}

function bold(text: string): string {
  return process.stdout.isTTY ? `\u001b[1m${text}\u001b[0m` : text;
}

function dim(text: string): string {
  return process.stdout.isTTY ? `\u001b[2m${text}\u001b[0m` : text;
}
