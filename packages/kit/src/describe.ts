import { type KitSettings, kitSettings } from './config/kit-settings.ts';
import { type Setting, settingsOf } from './config/settings.ts';
import { type CompiledTool, createCatalog } from './define/catalog.ts';
import { type ShownHost, showHost } from './define/hosts.ts';
import type { ServerDescription } from './define/server.ts';
import type { Access, WithoutConfirmation } from './define/tool.ts';

/** A tool as its documentation shows it. */
export interface ToolFacts {
  name: string;
  title: string;
  description: string;
  access: Access;
  /** Why it may write without asking the user, where it does. */
  withoutConfirmation: WithoutConfirmation | undefined;
  /** `weather:read` */
  scope: string;
  /** As `tools/list` gives it. */
  listing: ReturnType<CompiledTool['listing']>;
}

/** Everything about a server that is known without starting it. */
export interface ServerFacts {
  name: string;
  title: string;
  description: string;
  version: string;
  tools: readonly ToolFacts[];
  /** The hosts that it calls, and what for. */
  hosts: readonly ShownHost[];
  hasPrompts: boolean;
  /** The sections that the definition adds to the README, as Markdown by the name of their marker. */
  readmeSections: Readonly<Record<string, string>>;
  /** The settings that only this server has. */
  ownSettings: readonly Setting[];
  /** The settings that every server has. */
  commonSettings: readonly Setting[];
  /**
   * The common settings that a user of a local client may want to choose. The others are about HTTP or are limits with good defaults;
   * clients ask their user for each setting that server.json names.
   */
  localSettings: readonly Setting[];
}

const LOCAL_SETTINGS: readonly (keyof KitSettings)[] = ['readOnly', 'tools', 'exclude', 'stateDir', 'logLevel'];

export type { Setting };

/** Reads a definition, for what is generated from it. */
export function describeServer(description: ServerDescription): ServerFacts {
  const { name, title, description: about, version, readmeSections = {}, prompts = [], hosts = [], config } = description.definition;
  const { listed } = createCatalog(description, { readOnly: false });
  const toolNames = listed.map((tool) => tool.definition.name);
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
      withoutConfirmation: tool.definition.withoutConfirmation,
      scope: tool.scope,
      listing: tool.listing(),
    })),
    hosts: hosts.map(showHost),
    hasPrompts: prompts.length > 0,
    readmeSections: Object.fromEntries(Object.entries(readmeSections).map(([marker, write]) => [marker, write(toolNames)])),
    ownSettings: settingsOf(config),
    commonSettings,
    localSettings: commonSettings.filter(({ key }) => LOCAL_SETTINGS.some((known) => known === key)),
  };
}
