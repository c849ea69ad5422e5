import type { Call } from './service.ts';

/** Whether the caller sees the costs of an account: the management account sees the whole organization, others themselves. */
export function seesCostsOf({ account, state }: Pick<Call, 'account' | 'state'>, owner: string): boolean {
  return account === state.management.id || account === owner;
}
