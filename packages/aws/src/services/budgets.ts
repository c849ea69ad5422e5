import { BudgetsClient } from '@aws-sdk/client-budgets';
import type { ClientSettings } from '../settings.ts';

export { DescribeBudgetsCommand } from '@aws-sdk/client-budgets';

export const connect = (settings: ClientSettings): BudgetsClient => new BudgetsClient(settings);
