import type { HostRule } from '@fairway-mcp/upstream';

/** Hosts that the operator names in a setting. */
export interface ConfiguredHost<Config> extends Omit<HostRule, 'host'> {
  /** The setting's name, as the server's configuration has it. */
  setting: keyof Config & string;
  /** The addresses that it names. By default the setting is a URL, or a list of URLs. */
  hostsOf?(config: Config): readonly string[];
}

export type HostDeclaration<Config> = HostRule | ConfiguredHost<Config>;

/** A host as documentation and `/health` show it: an address that an operator has set stays out of both. */
export interface ShownHost {
  host: string;
  why: string;
}

/** What a declaration comes to under the given settings. */
export interface ResolvedHost {
  shown: ShownHost;
  rules: readonly HostRule[];
}

export function showHost(declaration: HostDeclaration<never>): ShownHost {
  const { why } = declaration;
  return { host: 'host' in declaration ? declaration.host : `the host of the setting ${declaration.setting}`, why };
}

/** @throws TypeError when a setting names a host by something that is no URL: the configuration's schema should not let it through. */
export function resolveHosts(declarations: readonly HostDeclaration<never>[], config: Record<string, unknown>): ResolvedHost[] {
  return declarations.map((declaration) => {
    const shown = showHost(declaration);
    if ('host' in declaration) return { shown, rules: [declaration] };
    const { setting, hostsOf, ...rule } = declaration as ConfiguredHost<Record<string, unknown>>;
    const addresses = hostsOf?.(config) ?? addressesIn(config[setting]);
    return { shown, rules: addresses.map((address) => ({ ...rule, host: hostOf(address, setting) })) };
  });
}

function addressesIn(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((item) => item !== undefined && item !== '').map(String);
}

function hostOf(address: string, setting: string): string {
  if (!URL.canParse(address)) throw new TypeError(`The setting ${setting} names a host by something that is no URL.`);
  const { protocol, host } = new URL(address);
  return protocol === 'http:' ? `http://${host}` : host;
}
