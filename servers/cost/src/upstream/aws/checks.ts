import { type Finding, ToolError } from '@fairway-mcp/kit';
import { PERMISSIONS } from '../../permissions.ts';
import type { Connection } from './connections.ts';
import { toToolError } from './failures.ts';

/**
 * Whether AWS accepts the credentials. Anyone may read this in /health, so that it says not whose they are. Cost Explorer itself is not asked, because each answer costs money.
 */
export async function checkConnections(connections: readonly Connection[], signal: AbortSignal): Promise<Finding[]> {
  const findings = await Promise.all(connections.map((connection) => checkConnection(connection, signal)));
  return [...findings, COST_EXPLORER];
}

async function checkConnection({ title, aws, account }: Connection, signal: AbortSignal): Promise<Finding> {
  try {
    await aws.identity(signal, account);
    return { name: title, ok: true, detail: 'AWS accepts the credentials.' };
  } catch (error) {
    signal.throwIfAborted();
    const problem = toToolError(error, title);
    if (!(problem instanceof ToolError)) throw error;
    return { name: title, ok: false, detail: problem.message, remedy: problem.remedy };
  }
}

const COST_EXPLORER: Finding = {
  name: 'cost explorer',
  ok: true,
  detail: `Not checked, because each request costs $0.01. It needs ${PERMISSIONS.bill.join(', ')}.`,
};
