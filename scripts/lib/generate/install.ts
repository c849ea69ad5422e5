import type { Setting } from '@fairway-mcp/kit/describe';
import type { DescribedServer } from './definitions.ts';

/** How a client starts a server over stdio, in the form of its own configuration. */
interface Launch {
  command: string;
  args: readonly string[];
  env?: Record<string, string>;
}

/** A question that VS Code asks when it starts the server for the first time. */
interface Input {
  type: 'promptString';
  id: string;
  description: string;
  password?: true;
}

/** Links that add a server to a client. Pages that take no schemes but https, such as those of code hosts, need the `web` ones. */
export interface InstallLinks {
  vscode: { web: string; direct: string };
  cursor: { web: string; direct: string };
}

/** @param flags With which the server is to run, besides the settings that the user is asked for. */
export function installLinks(server: DescribedServer, flags: readonly string[] = []): InstallLinks {
  const { name } = server.workspace;
  const asked = flags.length > 0 ? [] : server.facts.ownSettings.filter(isAskedFor);
  const config = launch(server, flags, Object.fromEntries(asked.map(({ key, env }) => [env, `\${input:${key}}`])));
  const inputs = asked.map(inputOf);
  const cursor = encodeURIComponent(Buffer.from(JSON.stringify(cursorConfig(server, flags, asked))).toString('base64'));
  return {
    vscode: {
      web: `https://insiders.vscode.dev/redirect/mcp/install?name=${name}${inputs.length > 0 ? `&inputs=${encode(inputs)}` : ''}&config=${encode(config)}`,
      direct: `vscode:mcp/install?${encode({ name, ...config, ...(inputs.length > 0 && { inputs }) })}`,
    },
    cursor: {
      web: `https://cursor.com/en/install-mcp?name=${name}&config=${cursor}`,
      direct: `cursor://anysphere.cursor-deeplink/mcp/install?name=${name}&config=${cursor}`,
    },
  };
}

/** Whether a server can do little before the user has set this: it is required, or the file that it works from. */
function isAskedFor({ required, path, fallback }: Setting): boolean {
  return required || (path === 'file' && fallback === undefined);
}

function launch({ workspace }: DescribedServer, flags: readonly string[], env: Record<string, string>): Launch {
  const args = ['-y', workspace.manifest.name, ...flags];
  return { command: 'npx', args, ...(Object.keys(env).length > 0 && { env }) };
}

function inputOf({ key, description, secret }: Setting): Input {
  return { type: 'promptString', id: key, description, ...(secret && { password: true }) };
}

/** Cursor asks nothing, but shows the configuration before it takes it: what belongs there stands in its place. */
function cursorConfig(server: DescribedServer, flags: readonly string[], asked: readonly Setting[]): Launch {
  return launch(server, flags, Object.fromEntries(asked.map(({ env, placeholder }) => [env, `<${placeholder}>`])));
}

function encode(value: object): string {
  // Parentheses would end a link in Markdown.
  return encodeURIComponent(JSON.stringify(value)).replaceAll('(', '%28').replaceAll(')', '%29');
}

/** The part of a server's page that adds it to a client. */
export function installSection(server: DescribedServer): string {
  const { workspace, facts } = server;
  const lines = [`Add it to ${linksLine(installLinks(server))}.`];
  if (facts.ownSettings.some(({ key, type }) => key === 'sample' && type === 'switch')) {
    lines.push(`To look around first, on made-up data: ${linksLine(installLinks(server, ['--sample']))}.`);
  }
  lines.push(
    `Claude Desktop and other hosts of MCP bundles take \`${workspace.name}-VERSION.mcpb\` from the releases, where their own Node is ${workspace.manifest.engines?.node ?? 'new enough'}.`,
  );
  return lines.join('\n\n');
}

function linksLine({ vscode, cursor }: InstallLinks): string {
  return `[VS Code](${vscode.web}) ([direct](${vscode.direct})) or [Cursor](${cursor.web}) ([direct](${cursor.direct}))`;
}

/** The same in a cell of the table of all servers. */
export function installCell(server: DescribedServer): string {
  const { vscode, cursor } = installLinks(server);
  return `[VS Code](${vscode.web}), [Cursor](${cursor.web})`;
}
