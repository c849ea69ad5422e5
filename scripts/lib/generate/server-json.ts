import type { Setting } from '../../../packages/kit/src/describe.ts';
import type { DescribedServer } from './definitions.ts';

const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';

/** A server as the MCP registry lists it. See https://modelcontextprotocol.io/registry and the schema. */
export interface ServerJson {
  $schema: string;
  name: string;
  title: string;
  description: string;
  version: string;
  packages: readonly object[];
}

export function serverJson({ room, facts, mcpName }: DescribedServer): ServerJson {
  const { title, description, version, ownSettings, localSettings } = facts;
  return {
    $schema: SCHEMA,
    name: mcpName,
    title,
    description,
    version,
    packages: [
      {
        registryType: 'npm',
        identifier: room.manifest.name,
        version,
        runtimeHint: 'npx',
        transport: { type: 'stdio' },
        environmentVariables: [...ownSettings, ...localSettings].map(environmentVariable),
      },
    ],
  };
}

function environmentVariable({ env, description, required, secret, fallback, choices, type }: Setting): object {
  return {
    name: env,
    description,
    ...(required && { isRequired: true }),
    ...(secret && { isSecret: true }),
    ...(type === 'number' && { format: 'number' }),
    ...(type === 'switch' && { format: 'boolean' }),
    ...(choices.length > 0 && { choices }),
    ...(fallback !== undefined && fallback !== '' && { default: fallback }),
  };
}
