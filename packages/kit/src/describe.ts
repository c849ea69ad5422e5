import { type KitSettings, kitSettings } from './config/kit-settings.ts';
import { type Setting, settingsOf } from './config/settings.ts';
import { type CompiledTool, createCatalog } from './define/catalog.ts';
import type { Permission, ServerDescription } from './define/server.ts';
import type { Access } from './define/tool.ts';

/** A tool as its documentation shows it. */
export interface ToolFacts {
  name: string;
  title: string;
  description: string;
  access: Access;
  /** `weather:read` */
  scope: string;
  /** What it needs at AWS; empty when nothing is declared. */
  permissions: readonly Permission[];
  /** As `tools/list` gives it. */
  listing: ReturnType<CompiledTool['listing']>;
}

/** Everything about a server that can be told without starting it. */
export interface ServerFacts {
  name: string;
  title: string;
  description: string;
  version: string;
  tools: readonly ToolFacts[];
  hasPrompts: boolean;
  /** The settings that only this server has. */
  ownSettings: readonly Setting[];
  /** The settings that every server has. */
  commonSettings: readonly Setting[];
  /**
   * The common settings that somebody who runs the server in a local client may want to choose. The others are about HTTP
   * or are limits with good defaults; clients ask a person for each setting that server.json names.
   */
  localSettings: readonly Setting[];
}

const LOCAL_SETTINGS: readonly (keyof KitSettings)[] = ['readOnly', 'tools', 'exclude', 'stateDir', 'logLevel'];

export type { Permission, Setting };

/**
 * Reads a definition, for what is generated from it.
 * @throws TypeError when permissions are declared for a tool that does not exist.
 */
export function describeServer(description: ServerDescription): ServerFacts {
  const { name, title, description: about, version, permissions = {}, prompts = [], config } = description.definition;
  const { listed } = createCatalog(description, { readOnly: false });
  const stranger = Object.keys(permissions).find((tool) => !listed.some(({ definition }) => definition.name === tool));
  if (stranger !== undefined) throw new TypeError(`${name} declares permissions for "${stranger}", which is none of its tools.`);
  const commonSettings = settingsOf(kitSettings);
  return {
    name,
    title,
    description: about,
    version,
    tools: listed.map((tool) => ({
      name: tool.definition.name,
      title: tool.definition.title,
      description: tool.definition.description,
      access: tool.definition.access,
      scope: tool.scope,
      permissions: permissions[tool.definition.name] ?? [],
      listing: tool.listing(),
    })),
    hasPrompts: prompts.length > 0,
    ownSettings: settingsOf(config),
    commonSettings,
    localSettings: commonSettings.filter(({ key }) => LOCAL_SETTINGS.some((known) => known === key)),
  };
}
