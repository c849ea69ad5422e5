import { localUser } from '@fairway-mcp/auth';
import { type AuditDurability, createLog, createRedactor } from '@fairway-mcp/telemetry';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../protocol/caller.ts';
import { createRecorder } from './record.ts';
import type { PipelineRequest } from './request.ts';

const log = createLog({ level: 'silent', format: 'json', redactor: createRedactor(), write: () => {} });

/** @returns how durably the rows of a read and of a write were requested */
async function durabilities(flushReads: boolean): Promise<AuditDurability[]> {
  const requested: AuditDurability[] = [];
  const audit = {
    record: async (_entry: object, durability: AuditDurability = 'flushed') => void requested.push(durability),
    waitingMs: () => 0,
    drain: async () => {},
  };
  const recorder = createRecorder({ server: 'test', log, audit, flushReads });
  const request: PipelineRequest = {
    name: 'tool',
    scope: 'test:read',
    caller: { principal: localUser, signal: new AbortController().signal } as Caller,
    arguments: {},
    isWrite: false,
    observation: { traceId: '0', spanId: undefined, end: () => {} },
  };
  await recorder.success(request, 0);
  await recorder.success({ ...request, isWrite: true }, 0);
  await recorder.failure({ ...request, isWrite: true }, 0, new Error('failed'));
  return requested;
}

describe('the audit row', () => {
  it('of a read is committed, and of a write flushed to the disk', async () => {
    expect(await durabilities(false)).toEqual(['committed', 'flushed', 'flushed']);
  });

  it('of a read is flushed too where the operator demands it', async () => {
    expect(await durabilities(true)).toEqual(['flushed', 'flushed', 'flushed']);
  });
});
