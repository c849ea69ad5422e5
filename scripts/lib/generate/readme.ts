import type { ServerFacts, Setting } from '@fairway-mcp/kit/describe';
import { definitionTokens } from '@fairway-mcp/testing/definition-size';
import type { DescribedServer } from './definitions.ts';
import { installCell, installSection } from './install.ts';

/** What stands between `<!-- generated:NAME -->` and `<!-- /generated -->`, by name. */
export type Sections = Readonly<Record<string, string>>;

const MARKED = /<!-- generated:([\w-]+) -->[\s\S]*?<!-- \/generated -->/g;

/**
 * The page with every marked part generated again. Everything else stays as it is.
 * @throws Error when a marker is unknown, or one of the sections has no place in the page.
 */
export function fillSections(page: string, sections: Sections): string {
  const missing = new Set(Object.keys(sections));
  const filled = page.replaceAll(MARKED, (_part, name: string) => {
    const content = Object.hasOwn(sections, name) ? sections[name] : undefined;
    if (content === undefined) throw new Error(`has the marker "generated:${name}", which is none of ${Object.keys(sections).join(', ')}`);
    missing.delete(name);
    return `<!-- generated:${name} -->\n\n${content}\n\n<!-- /generated -->`;
  });
  const [first] = missing;
  if (first !== undefined)
    throw new Error(`has no place for "${first}": add the lines <!-- generated:${first} --> and <!-- /generated -->`);
  return filled;
}

export function serverSections(server: DescribedServer): Sections {
  const { facts } = server;
  return {
    install: installSection(server),
    tools: toolsTable(facts),
    settings: settingsTables(facts),
    ...(facts.hosts.length > 0 && { network: networkTable(facts) }),
    ...facts.readmeSections,
  };
}

export function rootSections(servers: readonly DescribedServer[]): Sections {
  const rows = servers.map((server) => [
    `[${server.facts.title}](${server.workspace.folder}/README.md)`,
    server.facts.description,
    server.facts.tools.map(({ name }) => `\`${name}\``).join(', '),
    `\`npx -y ${server.workspace.manifest.name}\``,
    installCell(server),
  ]);
  return { servers: table(['Server', 'What it is for', 'Tools', 'Run it', 'Add it to'], rows) };
}

const ACCESS = { read: 'reads', write: 'writes, asks before', destroy: 'deletes, asks before' };
const UNCONFIRMED = {
  undoable: 'writes without asking: it can be undone',
  'own-state': "writes without asking: this server's own state only",
};

function toolsTable({ tools }: ServerFacts): string {
  const rows = tools.map(({ name, description, access, withoutConfirmation, scope }) => [
    `\`${name}\``,
    description,
    `${withoutConfirmation === undefined ? ACCESS[access] : UNCONFIRMED[withoutConfirmation]} (\`${scope}\`)`,
  ]);
  const tokens = definitionTokens(tools.map(({ listing }) => listing)).toLocaleString('en-US');
  return `${table(['Tool', 'What it answers', 'Access'], rows)}\n\nA model reads ${tokens} tokens of definitions (by the o200k_base tokenizer).`;
}

function settingsTables({ title, ownSettings, commonSettings }: ServerFacts): string {
  const parts = [
    ...(ownSettings.length > 0 ? [settingsTable(ownSettings)] : [`${title} has no settings of its own.`]),
    '<details>\n<summary>Settings of every Fairway server</summary>',
    settingsTable(commonSettings),
    '</details>',
  ];
  return parts.join('\n\n');
}

function settingsTable(settings: readonly Setting[]): string {
  const rows = settings.map(({ flag, placeholder, env, fallback, required, secret, description }) => [
    `\`${`${flag} ${placeholder}`.trim()}\``,
    secret ? `\`${env}\` or \`${env}_FILE\`` : `\`${env}\``,
    required ? 'required' : fallback === undefined || fallback === '' ? '' : `\`${fallback}\``,
    description,
  ]);
  return table(['Flag', 'Environment', 'Default', 'What it does'], rows);
}

function networkTable({ hosts }: ServerFacts): string {
  const rows = hosts.map(({ host, why }) => [`\`${host}\``, why]);
  return `${table(['Host', 'What for'], rows)}\n\nNo other host is called; a redirect to another one is refused.`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
