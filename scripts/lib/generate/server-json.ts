import type { Setting } from '@fairway-mcp/kit/describe';
import type { Manifest } from '../workspace.ts';
import type { DescribedServer } from './definitions.ts';

const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';

/** Where the schema lets a publisher add what it has no field for. */
const PUBLISHER = 'io.modelcontextprotocol.registry/publisher-provided';

/** A server as the MCP registry lists it. See https://modelcontextprotocol.io/registry and the schema. */
export interface ServerJson {
  $schema: string;
  name: string;
  title: string;
  description: string;
  version: string;
  repository?: { url: string; source: 'github'; subfolder?: string };
  packages: readonly Package[];
  _meta?: { [PUBLISHER]: { network: readonly { host: string; why: string }[] } };
}

/** One of the forms in which a server can be had. */
export interface Package {
  registryType: 'npm' | 'mcpb';
  /** The package's name, or the address of the bundle. */
  identifier: string;
  version?: string;
  runtimeHint?: 'npx';
  transport: { type: 'stdio' };
  environmentVariables?: readonly object[];
  /** Of a bundle: clients compare it with what they got. */
  fileSha256?: string;
}

export function serverJson({ workspace, facts, mcpName }: DescribedServer): ServerJson {
  const { title, description, version, ownSettings, localSettings, hosts } = facts;
  return {
    $schema: SCHEMA,
    name: mcpName,
    title,
    description,
    version,
    ...(workspace.manifest.repository !== undefined && { repository: repositoryOf(workspace.manifest.repository) }),
    packages: [
      {
        registryType: 'npm',
        identifier: workspace.manifest.name,
        version,
        runtimeHint: 'npx',
        transport: { type: 'stdio' },
        environmentVariables: [...ownSettings, ...localSettings].map(environmentVariable),
      },
    ],
    ...(hosts.length > 0 && { _meta: { [PUBLISHER]: { network: hosts } } }),
  };
}

function repositoryOf({ url, directory }: NonNullable<Manifest['repository']>): NonNullable<ServerJson['repository']> {
  return { url: webAddress(url), source: 'github', ...(directory !== undefined && { subfolder: directory }) };
}

/** The address of a repository for a browser: `git+https://host/a/b.git` is at `https://host/a/b`. */
export function webAddress(url: string): string {
  return url.replace(/^git\+/, '').replace(/\.git$/, '');
}

function environmentVariable({ env, description, required, secret, fallback, choices, type, path }: Setting): object {
  return {
    name: env,
    description,
    ...(required && { isRequired: true }),
    ...(secret && { isSecret: true }),
    ...(type === 'number' && { format: 'number' }),
    ...(type === 'switch' && { format: 'boolean' }),
    ...(path !== undefined && { format: 'filepath' }),
    ...(choices.length > 0 && { choices }),
    ...(fallback !== undefined && fallback !== '' && { default: fallback }),
  };
}
