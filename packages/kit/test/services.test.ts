import { startHttp, startOtlpReceiver, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { ledger } from './fixture/ledger.ts';
import { sendModern } from './support/http.ts';
import { serveFixture } from './support/serve.ts';

const main = new URL('./fixture/main-ledger.ts', import.meta.url);
const closeMonth = (month: string) => ({ name: 'close_month', arguments: { month } });

interface AuditBody {
  principal: string;
  tool: string;
  arguments: unknown;
  outcome: string;
  trace_id: string;
}

describe('an audit row that a service writes', () => {
  it('stands in the chain of the calls, with the trace of its call and nothing private', async () => {
    const { runtime, url } = await serveFixture([], ledger);
    await sendModern(url, 'tools/call', closeMonth('2026-11'));
    const rows = await runtime.store.all<{ body: string }>('SELECT body FROM audit_rows ORDER BY sequence', []);
    const [event, call] = rows.map(({ body }) => JSON.parse(body) as AuditBody);
    expect(event).toMatchObject({
      principal: 'server:ledger',
      tool: 'ledger.close',
      outcome: 'ok',
      arguments: { month: '2026-11', comment: '[text, 13 characters]' },
    });
    expect(call).toMatchObject({ tool: 'close_month', principal: 'local', trace_id: event?.trace_id });
  });
});

describe('spans of services', () => {
  it('are children of their call, each below the one that it was started in, and carry the kind of an error', async () => {
    const receiver = await startOtlpReceiver();
    const server = await startHttp({ main, stateDir: temporaryFolder(), environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    await sendModern(server.url, 'tools/call', closeMonth('2026-11'));
    await sendModern(server.url, 'tools/call', closeMonth('2026-13'));
    server.child.kill('SIGTERM');
    await server.exited;
    const spans = receiver.spans();
    const calls = spans.filter(({ name }) => name === 'tools/call close_month');
    expect(calls).toHaveLength(2);
    const below = (parent: string | undefined) => spans.filter(({ parentSpanId }) => parentSpanId === parent);
    for (const call of calls) {
      expect(
        below(call.spanId)
          .map(({ name }) => name)
          .sort(),
      ).toEqual(['check', 'ledger.close']);
      const close = below(call.spanId).find(({ name }) => name === 'ledger.close');
      expect(close).toMatchObject({ kind: 1, attributes: { entries: 0 }, traceId: call.traceId });
      expect(below(close?.spanId)).toMatchObject([{ name: 'ledger.total', kind: 3, traceId: call.traceId }]);
    }
    expect(spans.filter(({ status }) => status.code === 2).map(({ name, attributes }) => [name, attributes['error.type']])).toEqual(
      expect.arrayContaining([
        ['ledger.total', 'not_found'],
        ['ledger.close', 'not_found'],
        ['check', 'not_found'],
      ]),
    );
  });

  it('are not sent when their call is not', async () => {
    const receiver = await startOtlpReceiver();
    const args = ['--otel-trace-ratio', '0'];
    const server = await startHttp({ main, args, stateDir: temporaryFolder(), environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    expect((await sendModern(server.url, 'tools/call', closeMonth('2026-11'))).json.result.structuredContent).toEqual({ entries: 0 });
    server.child.kill('SIGTERM');
    await server.exited;
    expect(receiver.spans()).toEqual([]);
  });
});
