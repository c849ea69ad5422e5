import type { Setting } from '../config/settings.ts';
import type { Command } from '../define/command.ts';
import { showHost } from '../define/hosts.ts';
import type { ServerDescription } from '../define/server.ts';

export const COMMANDS: readonly (readonly [string, string])[] = [
  ['doctor', 'Check settings, state, credentials and reachability, and say what to do about each failure.'],
  ['keys create --name NAME --scopes A,B [--expires 90d]', 'Make an API key for HTTP callers. It is shown once.'],
  ['keys list', 'Show the API keys, without their secrets.'],
  ['keys revoke ID', 'Revoke an API key.'],
  [
    'audit show [--since ISO] [--principal P] [--tool T] [--limit N]',
    'Print the rows of the audit trail, oldest first, one JSON object a line. --limit: only the last N that match.',
  ],
  [
    'audit verify [--expect HASH]',
    'Prove that no row of the audit trail was changed, removed or reordered, and that the row whose hash was printed earlier is still there.',
  ],
];

const OTHER_FLAGS: readonly (readonly [string, string])[] = [
  ['--config PATH', 'Read settings from this JSON file.'],
  ['--print-config', 'Show the settings that would apply, and where each comes from. Secrets are masked.'],
  ['--help', 'Show this page.'],
  ['--version', 'Show the version.'],
];

const WIDTH = 100;

/** The page that `--help` shows. */
export function helpPage({ definition }: ServerDescription, own: readonly Setting[], common: readonly Setting[]): string {
  const program = definition.name;
  const tools = definition.tools.map((tool) => tool.definition.name).join(', ');
  return [
    `${definition.title} ${definition.version}: ${definition.description}`,
    '',
    `Usage: ${program} [settings]             serve MCP over stdio`,
    `       ${program} --http 8080 [settings] serve MCP over HTTP on loopback`,
    `       ${program} COMMAND [settings]`,
    '',
    'Commands:',
    ...rows([...(definition.commands ?? []).flatMap(commandRows), ...COMMANDS]),
    '',
    ...(own.length > 0 ? [`Settings of ${definition.title}:`, ...rows(own.map(settingRow)), ''] : []),
    'Settings of every Fairway server:',
    ...rows(common.map(settingRow)),
    '',
    'Other flags:',
    ...rows(OTHER_FLAGS),
    '',
    ...networkRows(definition.hosts ?? []),
    `Tools: ${tools}`,
  ].join('\n');
}

function networkRows(hosts: NonNullable<ServerDescription['definition']['hosts']>): string[] {
  if (hosts.length === 0) return [];
  return ['Network access:', ...rows(hosts.map(showHost).map(({ host, why }) => [host, why])), ''];
}

/** A command's own row, and one for each of its flags. */
function commandRows({ name, usage = '', description, flags = {} }: Command): (readonly [string, string])[] {
  return [
    [`${name} ${usage}`.trim(), description],
    ...Object.entries(flags).map(
      ([flag, { placeholder = '', description: about }]) => [`  --${flag} ${placeholder}`.trimEnd(), about] as const,
    ),
  ];
}

function settingRow(setting: Setting): readonly [string, string] {
  const fallback = setting.fallback === undefined || setting.fallback === '' ? '' : ` Default: ${setting.fallback}.`;
  const required = setting.required ? ' Required.' : '';
  const names = setting.secret ? `${setting.env} or ${setting.env}_FILE` : setting.env;
  return [`${setting.flag} ${setting.placeholder}`.trim(), `${setting.description}${fallback}${required} [${names}]`];
}

function rows(entries: readonly (readonly [string, string])[]): string[] {
  return entries.flatMap(([name, text]) => [`  ${name}`, ...wrap(text, WIDTH - 6).map((line) => `      ${line}`)]);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
