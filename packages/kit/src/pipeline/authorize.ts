import { hasScope, type Principal } from '@fairway-mcp/auth';

/** The principal lacks a scope. HTTP answers 403 with a challenge that names it. */
export class ScopeError extends Error {
  override readonly name = 'ScopeError';
  readonly scope: string;

  constructor(scope: string) {
    super(`This needs the scope ${scope}.`);
    this.scope = scope;
  }
}

/** @throws ScopeError */
export function authorize(principal: Principal, scope: string): void {
  if (!hasScope(principal.scopes, scope)) throw new ScopeError(scope);
}
