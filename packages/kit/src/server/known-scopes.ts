import { hasAnyScope, isScope } from '@fairway-mcp/auth';
import { didYouMean } from '@fairway-mcp/validation';
import type { ServerDescription } from '../define/server.ts';
import { UsageError } from '../protocol/errors.ts';

type Definition = ServerDescription['definition'];

/**
 * Checks scopes that an operator grants. One of another server is allowed: several may share a database or a setting.
 * @returns the scopes that are not this server's
 * @throws UsageError naming the nearest scope for what is none, and for one of this server that no tool of it needs
 */
export function checkScopes(definition: Definition, scopes: readonly string[]): string[] {
  const known = scopesOf(definition);
  const wrong = scopes.find((scope) => !isScope(scope) || (isOf(definition, scope) && !known.includes(scope)));
  if (wrong !== undefined)
    throw new UsageError(`There is no scope "${wrong}".${didYouMean(wrong, known)} Scopes of this server: ${known.join(', ')}; all: *.`);
  return scopes.filter((scope) => scope !== '*' && !isOf(definition, scope));
}

/** @throws UsageError as {@link checkScopes} does, and when a token would be good for nothing here */
export function checkTokenScopes(definition: Definition, scopes: readonly string[], setting: string): void {
  const [foreign = ''] = checkScopes(definition, scopes);
  if (hasAnyScope(scopes, definition.name)) return;
  const known = scopesOf(definition);
  const reason = scopes.length === 0 ? 'it names no scope' : `"${foreign}" is not a scope of this server`;
  throw new UsageError(
    `${setting} lets the shared token do nothing: ${reason}.${didYouMean(foreign, known)} Scopes of this server: ${known.join(', ')}; all: *.`,
  );
}

/** What to say of a scope that is not this server's. */
export function aboutForeignScope(definition: Definition, scope: string): string {
  return `${scope} is not a scope of this server (${definition.name}), but would be one of another that uses the same database.${didYouMean(scope, scopesOf(definition))}`;
}

function scopesOf({ name, tools }: Definition): string[] {
  const parts = new Set(['read', 'write', 'destroy', ...tools.flatMap(({ definition: { scope } }) => scope ?? []), '*']);
  return [...parts].map((part) => `${name}:${part}`);
}

function isOf({ name }: Definition, scope: string): boolean {
  return scope.startsWith(`${name}:`);
}
