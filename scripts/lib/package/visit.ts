import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/** A program as a host starts it. */
export interface Program {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
}

/** A call that the program is asked to answer. */
export interface Call {
  name: string;
  arguments: Record<string, unknown>;
}

/**
 * Starts a server over stdio and uses it with the official client: lists its tools, and makes one call.
 * @returns What is wrong, compared with the tools that it should list; empty when all is well.
 */
export async function visit(program: Program, tools: readonly string[], call: Call): Promise<string[]> {
  const transport = new StdioClientTransport({ ...program, args: [...program.args], stderr: 'pipe' });
  const client = new Client({ name: 'fairway-check', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  try {
    await client.connect(transport);
    const listed = (await client.listTools()).tools.map(({ name }) => name);
    const { isError, content } = await client.callTool(call);
    return [
      ...(listed.join() === tools.join() ? [] : [`lists the tools ${listed.join(', ')}; its definition has ${tools.join(', ')}`]),
      ...(isError === true ? [`${call.name} answered with an error: ${JSON.stringify(content)}`] : []),
    ];
  } catch (error) {
    return [`did not answer a client (${error instanceof Error ? error.message : String(error)}):\n${stderr}`];
  } finally {
    await client.close();
  }
}
