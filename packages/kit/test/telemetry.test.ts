import { StdioPeer, startHttp, startOtlpReceiver } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { openSession, sendModern } from './support/http.ts';

const main = new URL('./fixture/main.ts', import.meta.url);
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const OTHER_TRACE = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1';
const SPAN = '00f067aa0ba902b7';
const OTHER_SPAN = 'bbbbbbbbbbbbbbb1';
const traceparent = `00-${TRACE}-${SPAN}-01`;
const httpTraceparent = `00-${OTHER_TRACE}-${OTHER_SPAN}-01`;
const echo = { name: 'echo', arguments: { text: 'x' } };

async function startCollector() {
  const receiver = await startOtlpReceiver();
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=open%20sesame' };
  return { receiver, environment };
}

describe('a server with an OpenTelemetry collector', () => {
  it("sends a span per request, as a child of the caller's and with a link to the HTTP request's", async () => {
    const { receiver, environment } = await startCollector();
    const server = await startHttp({ main, environment });
    const headers = { traceparent: httpTraceparent };
    await sendModern(server.url, 'tools/call', { ...echo, _meta: { traceparent } }, { id: 7, headers });
    await sendModern(server.url, 'tools/call', { name: 'fail', arguments: { how: 'tool_error' } }, { headers });
    const session = await openSession(server.url);
    await session.request('resources/read', { uri: 'notes://note/9' });
    await session.request('prompts/get', { name: 'summarize_notes', arguments: { style: 'short' } });
    await session.request('tools/list');
    server.child.kill('SIGTERM');
    await server.exited;

    const [call, failure, ...others] = receiver.spans();
    expect(call).toMatchObject({
      name: 'tools/call echo',
      kind: 2,
      traceId: TRACE,
      parentSpanId: SPAN,
      links: [{ traceId: OTHER_TRACE, spanId: OTHER_SPAN }],
    });
    expect(call?.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'mcp.protocol.version': '2026-07-28',
      'gen_ai.tool.name': 'echo',
      'gen_ai.operation.name': 'execute_tool',
      'network.transport': 'tcp',
      'jsonrpc.request.id': '7',
    });
    expect(failure).toMatchObject({ traceId: OTHER_TRACE, parentSpanId: OTHER_SPAN, links: [], status: { code: 2 } });
    expect(failure?.attributes).toMatchObject({ 'error.type': 'tool_error', 'fairway.error.kind': 'upstream_unavailable' });
    expect(others.map(({ name }) => name)).toEqual(['resources/read', 'prompts/get summarize_notes', 'tools/list']);
    expect(others[0]?.attributes).toMatchObject({
      'mcp.resource.uri': 'notes://note/{number}',
      'mcp.protocol.version': '2025-11-25',
      'mcp.session.id': session.id,
    });
    expect(others[1]?.attributes).toMatchObject({ 'gen_ai.prompt.name': 'summarize_notes' });
    expect(receiver.headers[0]?.['x-collector-key']).toBe('open sesame');
  });

  it('samples its own traces by the configured ratio, keeps those of tracing callers, and measures every request', async () => {
    const { receiver, environment } = await startCollector();
    const server = await startHttp({ main, environment, args: ['--otel-trace-ratio', '0'] });
    await sendModern(server.url, 'tools/call', echo);
    await sendModern(server.url, 'tools/call', { ...echo, _meta: { traceparent } });
    await sendModern(server.url, 'tools/call', { ...echo, _meta: { traceparent: `${traceparent.slice(0, -1)}0` } });
    server.child.kill('SIGTERM');
    await server.exited;
    expect(receiver.spans()).toMatchObject([{ traceId: TRACE, parentSpanId: SPAN }]);
    expect(receiver.histograms().flatMap(({ points }) => points.map(({ count }) => count))).toEqual([3]);
  });

  it('reports how a request failed: the code of a JSON-RPC error, or an error of the tool', async () => {
    const { receiver, environment } = await startCollector();
    const server = await startHttp({ main, environment });
    const requests: [string, Record<string, unknown>, Record<string, unknown>][] = [
      ['tools/call', { name: 'secret_tool', arguments: {} }, { 'rpc.response.status_code': '-32602', 'error.type': '-32602' }],
      ['tools/call', { name: 'echo', arguments: { txet: 'x' } }, { 'error.type': 'tool_error', 'fairway.error.kind': 'invalid_input' }],
      ['resources/read', { uri: 'notes://secret' }, { 'rpc.response.status_code': '-32602', 'fairway.error.kind': 'not_found' }],
      ['resources/read', { uri: 'notes://note/9' }, { 'rpc.response.status_code': '-32602', 'mcp.resource.uri': 'notes://note/{number}' }],
      ['prompts/get', { name: 'secret_prompt' }, { 'rpc.response.status_code': '-32602', 'error.type': '-32602' }],
      ['prompts/get', { name: 'summarize_notes' }, { 'rpc.response.status_code': '-32602', 'gen_ai.prompt.name': 'summarize_notes' }],
      ['tasks/get', { taskId: 'secret_task' }, { 'rpc.response.status_code': '-32021', 'error.type': '-32021' }],
    ];
    for (const [method, params] of requests) {
      const headers = method === 'tasks/get' ? { 'Mcp-Name': 'secret_task' } : {};
      await sendModern(server.url, method, params, { id: 'secret-id', headers });
    }
    const ref = { type: 'ref/prompt', name: 'summarize_notes' };
    const id = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
    await sendModern(server.url, 'completion/complete', { ref, argument: { name: 'style', value: 's' } }, { id });
    server.child.kill('SIGTERM');
    await server.exited;

    const spans = receiver.spans();
    for (const [index, [method, , attributes]] of requests.entries()) {
      expect(spans[index]?.attributes, method).toMatchObject({ 'mcp.method.name': method, ...attributes });
      expect(spans[index]?.status).toEqual({ code: 2 });
    }
    expect(spans.at(-1)).toMatchObject({ name: 'completion/complete', attributes: { 'jsonrpc.request.id': id } });
    expect(receiver.bodies.join('')).not.toContain('secret');
    const points = receiver.histograms().flatMap((histogram) => histogram.points.map((point) => point.attributes));
    expect(points).toContainEqual(expect.objectContaining({ 'mcp.method.name': 'tools/call', 'rpc.response.status_code': '-32602' }));
    expect(points).toContainEqual(expect.objectContaining({ 'gen_ai.tool.name': 'echo', 'error.type': 'tool_error' }));
  });

  it('sends the duration of every operation, in the buckets of the conventions', async () => {
    const { receiver, environment } = await startCollector();
    const peer = new StdioPeer({ main, environment });
    await peer.initialize();
    for (let call = 0; call < 3; call += 1) await peer.request('tools/call', echo);
    peer.end();
    await peer.server.exited;
    const [histogram] = receiver.histograms();
    expect(histogram).toMatchObject({ name: 'mcp.server.operation.duration', unit: 's' });
    expect(histogram?.points).toHaveLength(1);
    expect(histogram?.points[0]).toMatchObject({
      count: 3,
      attributes: { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'echo', 'network.transport': 'pipe' },
    });
    expect(histogram?.points[0]?.explicitBounds).toEqual([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]);
  });

  it('uses one trace id for the span, the error, the log and the audit row', async () => {
    const { receiver, environment } = await startCollector();
    const peer = new StdioPeer({ main, environment });
    await peer.initialize();
    const { result } = await peer.request('tools/call', { name: 'fail', arguments: { how: 'exception' } });
    const traceId = result._meta['io.github.fairway-mcp/error'].trace_id;
    peer.end();
    await peer.server.exited;
    const [span] = receiver.spans();
    expect(span?.traceId).toBe(traceId);
    const lines = peer.server.log.filter((line) => line.trace_id === traceId && line.span_id === span?.spanId);
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['info', 'Asked to fail'],
      ['error', 'Call failed'],
    ]);
  });

  it('keeps answering when the collector is unreachable', async () => {
    const peer = new StdioPeer({ main, environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' } });
    await peer.initialize();
    expect((await peer.request('tools/call', echo)).result.structuredContent).toEqual({ text: 'x' });
    peer.end();
    expect(await peer.server.exited).toEqual({ code: 0, signal: null });
  });
});
