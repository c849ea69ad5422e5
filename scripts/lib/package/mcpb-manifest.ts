import type { Setting } from '@fairway-mcp/kit/describe';
import type { DescribedServer } from '../generate/definitions.ts';
import { webAddress } from '../generate/server-json.ts';

/** What a host asks its user for. */
interface UserSetting {
  type: 'string' | 'number' | 'boolean' | 'directory' | 'file';
  title: string;
  description: string;
  required: boolean;
  sensitive?: true;
  default?: string | number | boolean;
  min?: number;
  max?: number;
}

/** The manifest of an MCP bundle. See https://github.com/modelcontextprotocol/mcpb/blob/main/MANIFEST.md. */
export interface McpbManifest {
  manifest_version: '0.4';
  name: string;
  display_name: string;
  version: string;
  description: string;
  author: { name: string };
  repository?: { type: string; url: string };
  documentation?: string;
  license?: string;
  server: { type: 'node'; entry_point: string; mcp_config: { command: 'node'; args: string[]; env: Record<string, string> } };
  tools: { name: string; description: string }[];
  prompts_generated: boolean;
  compatibility: { platforms: ('darwin' | 'linux' | 'win32')[]; runtimes: { node: string } };
  user_config: Record<string, UserSetting>;
}

const PROGRAM = 'dist/main.js';

/**
 * A bundle's manifest, from the server's definition. The settings are those that server.json names: hosts ask for each. A host
 * runs the program with a Node of its own; which ones will do is said as package.json says it.
 */
export function mcpbManifest({ workspace, facts }: DescribedServer): McpbManifest {
  const { license, engines, repository } = workspace.manifest;
  const settings = [...facts.ownSettings, ...facts.localSettings];
  const home = repository === undefined ? undefined : webAddress(repository.url);
  return {
    manifest_version: '0.4',
    name: workspace.name,
    display_name: facts.title,
    version: facts.version,
    description: facts.description,
    author: { name: 'The Fairway authors' },
    ...(home !== undefined && { repository: { type: 'git', url: home }, documentation: `${home}/tree/main/${workspace.folder}` }),
    ...(license !== undefined && { license }),
    server: {
      type: 'node',
      entry_point: PROGRAM,
      mcp_config: {
        command: 'node',
        args: [`\${__dirname}/${PROGRAM}`],
        env: Object.fromEntries(settings.map(({ key, env }) => [env, `\${user_config.${key}}`])),
      },
    },
    tools: facts.tools.map(({ name, description }) => ({ name, description })),
    prompts_generated: facts.hasPrompts,
    compatibility: { platforms: ['darwin', 'linux', 'win32'], runtimes: { node: engines?.node ?? '*' } },
    user_config: Object.fromEntries(settings.map((setting) => [setting.key, userSetting(setting)])),
  };
}

function userSetting(setting: Setting): UserSetting {
  const { key, description, required, secret, fallback, choices, type, path } = setting;
  return {
    type: path ?? TYPES[type],
    title: titleOf(key),
    description: choices.length > 0 ? `${description} One of: ${choices.join(', ')}.` : description,
    required,
    ...(secret && { sensitive: true }),
    ...(fallback !== undefined && fallback !== '' && { default: defaultOf(type, fallback) }),
    ...(type === 'number' && boundsOf(setting)),
  };
}

/** Hosts know neither choices nor lists: these are typed in. */
const TYPES = { text: 'string', choice: 'string', list: 'string', number: 'number', switch: 'boolean' } as const;

function defaultOf(type: Setting['type'], text: string): string | number | boolean {
  if (type === 'number') return Number(text);
  return type === 'switch' ? text === 'true' : text;
}

function boundsOf({ schema }: Setting): { min?: number; max?: number } {
  const { minimum: min, maximum: max } = schema.toJSONSchema({ io: 'input' });
  const isChosen = (bound: number | undefined) => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  return { ...(isChosen(min) && { min }), ...(isChosen(max) && { max }) };
}

/** `sampleSize` is shown as `Sample size`. */
function titleOf(key: string): string {
  const words = key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
