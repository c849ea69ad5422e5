import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ReceivedSpan {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
  status: { code?: number };
}

export interface ReceivedHistogram {
  name: string;
  unit: string;
  points: { attributes: Record<string, unknown>; count: number; explicitBounds: number[] }[];
}

/** An OTLP/HTTP collector on loopback that accepts JSON and keeps it. */
export interface OtlpReceiver {
  url: string;
  /** Every request body, as text. */
  bodies: string[];
  headers: http.IncomingHttpHeaders[];
  spans(): ReceivedSpan[];
  histograms(): ReceivedHistogram[];
}

type Json = Record<string, unknown>;

/** Starts a collector. It stops when the test has ended. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const received: { path: string; body: Json }[] = [];
  const bodies: string[] = [];
  const headers: http.IncomingHttpHeaders[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      bodies.push(text);
      headers.push(request.headers);
      received.push({ path: request.url ?? '', body: JSON.parse(text) as Json });
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const scopes = (path: string, resources: string, kind: string) =>
    received
      .filter((entry) => entry.path === path)
      .flatMap(({ body }) => list(body[resources]).flatMap((resource) => list(resource[kind])));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    headers,
    spans: () => scopes('/v1/traces', 'resourceSpans', 'scopeSpans').flatMap((scope) => list(scope.spans).map(spanOf)),
    histograms: () => scopes('/v1/metrics', 'resourceMetrics', 'scopeMetrics').flatMap((scope) => list(scope.metrics).map(histogramOf)),
  };
}

function spanOf(span: Json): ReceivedSpan {
  const { name, kind, traceId, spanId, parentSpanId, status } = span as Json &
    Pick<ReceivedSpan, 'name' | 'kind' | 'traceId' | 'spanId' | 'parentSpanId' | 'status'>;
  const links = list(span.links).map((link) => ({ traceId: String(link.traceId), spanId: String(link.spanId) }));
  return {
    name,
    kind,
    traceId,
    spanId,
    status,
    links,
    attributes: attributesOf(span.attributes),
    ...(parentSpanId !== undefined && { parentSpanId }),
  };
}

function histogramOf(metric: Json): ReceivedHistogram {
  const { dataPoints } = (metric.histogram ?? {}) as { dataPoints?: unknown };
  const points = list(dataPoints).map((point) => ({
    attributes: attributesOf(point.attributes),
    count: Number(point.count),
    explicitBounds: point.explicitBounds as number[],
  }));
  return { name: String(metric.name), unit: String(metric.unit), points };
}

/** OTLP writes `[{key, value: {stringValue}}]`. */
function attributesOf(value: unknown): Record<string, unknown> {
  return Object.fromEntries(list(value).map(({ key, value: wrapped }) => [String(key), Object.values(wrapped as Json)[0]]));
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}
