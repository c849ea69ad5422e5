import type { Attributes, Context, Histogram, Link, Meter, SpanContext, Tracer } from '@opentelemetry/api';
import type { Failure, Instruments, Observation, Operation, RequestFacts } from './instruments.ts';
import { traceContext } from './trace.ts';

export interface OtelOptions {
  /** Base address of an OTLP/HTTP collector, e.g. `http://127.0.0.1:4318`; JSON is sent to `/v1/traces` and `/v1/metrics` below it. */
  endpoint: string;
  /** Sent with every export. */
  headers: Record<string, string>;
  serviceName: string;
  serviceVersion: string;
  /** The share of traces started here that is sent, 0 to 1. For traces that a caller started, the caller's decision applies. */
  traceRatio: number;
  /** How often metrics are sent, in milliseconds. */
  metricsIntervalMs?: number;
  /** Called when the collector cannot be reached. Requests never wait for it. */
  onFault: (message: string) => void;
}

/** Seconds, as the conventions ask. Source: https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/ */
const BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
const DEFAULT_METRICS_INTERVAL_MS = 60_000;

/**
 * Traces and metrics by the OpenTelemetry semantic conventions for MCP. The SDK is loaded on demand, so that a server without a
 * collector never pays for it. The only thing registered globally is the SDK's diagnostic logger.
 */
export async function openOtel(options: OtelOptions): Promise<Instruments> {
  const modules = await loadModules();
  const { api, exporters, metrics, names, resources, trace } = modules;
  const { endpoint, headers, onFault } = options;
  const base = endpoint.replace(/\/+$/, '');
  api.diag.setLogger(
    { error: onFault, warn: onFault, info: () => {}, debug: () => {}, verbose: () => {} },
    { suppressOverrideMessage: true },
  );
  const resource = resources.resourceFromAttributes({
    [names.ATTR_SERVICE_NAME]: options.serviceName,
    [names.ATTR_SERVICE_VERSION]: options.serviceVersion,
  });
  const tracing = new trace.TracerProvider({
    resource,
    sampler: new trace.ParentBasedSampler({ root: new trace.TraceIdRatioBasedSampler(options.traceRatio) }),
    spanProcessors: [new trace.BatchSpanProcessor({ exporter: new exporters.OTLPTraceExporter({ url: `${base}/v1/traces`, headers }) })],
  });
  const reader = new metrics.PeriodicExportingMetricReader({
    exporter: new exporters.OTLPMetricExporter({ url: `${base}/v1/metrics`, headers }),
    exportIntervalMillis: options.metricsIntervalMs ?? DEFAULT_METRICS_INTERVAL_MS,
  });
  const measuring = new metrics.MeterProvider({ resource, readers: [reader] });
  return new OtelInstruments(modules, tracing.getTracer('fairway'), measuring.getMeter('fairway'), [tracing, measuring]);
}

type Modules = Awaited<ReturnType<typeof loadModules>>;

async function loadModules() {
  const [api, trace, metrics, resources, traceExporter, metricExporter, names] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/exporter-metrics-otlp-http'),
    import('./otel-names.ts'),
  ]);
  return { api, trace, metrics, resources, names, exporters: { ...traceExporter, ...metricExporter } };
}

class OtelInstruments implements Instruments {
  readonly #modules: Modules;
  readonly #tracer: Tracer;
  readonly #duration: Histogram;
  readonly #providers: readonly { shutdown(): Promise<void> }[];

  constructor(modules: Modules, tracer: Tracer, meter: Meter, providers: readonly { shutdown(): Promise<void> }[]) {
    this.#modules = modules;
    this.#tracer = tracer;
    this.#providers = providers;
    this.#duration = meter.createHistogram(modules.names.METRIC_MCP_SERVER_OPERATION_DURATION, {
      unit: 's',
      description: 'Duration of an MCP request as the server sees it.',
      advice: { explicitBucketBoundaries: BUCKETS },
    });
  }

  begin(operation: Operation): Observation {
    const { api } = this.#modules;
    const facts = operation.facts();
    const attributes = this.#commonAttributes(operation, facts);
    const target = operation.tool ?? operation.prompt;
    const { parent, links } = this.#relations(operation.traceparent, facts.httpTraceparent);
    const span = this.#tracer.startSpan(
      target === undefined ? operation.method : `${operation.method} ${target}`,
      { kind: api.SpanKind.SERVER, attributes: { ...attributes, ...this.#spanAttributes(operation, facts) }, links },
      parent,
    );
    const started = performance.now();
    const { traceId, spanId } = span.spanContext();
    return {
      traceId,
      spanId,
      end: (failure) => {
        const failed = failure === undefined ? {} : this.#failureAttributes(operation, failure);
        if (failure !== undefined) {
          span.setAttributes({ ...failed, 'fairway.error.kind': failure.kind });
          span.setStatus({ code: api.SpanStatusCode.ERROR });
        }
        span.end();
        this.#duration.record((performance.now() - started) / 1000, { ...attributes, ...failed });
      },
    };
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#providers.map((provider) => provider.shutdown()));
  }

  /** Attributes of spans and of the metric. Each has few values, so that the metric stays small. */
  #commonAttributes({ method, tool, prompt }: Operation, { transport, protocolVersion }: RequestFacts): Attributes {
    const { names } = this.#modules;
    return {
      [names.ATTR_MCP_METHOD_NAME]: method,
      [names.ATTR_NETWORK_TRANSPORT]: transport,
      ...(protocolVersion !== undefined && { [names.ATTR_MCP_PROTOCOL_VERSION]: protocolVersion }),
      ...(tool !== undefined && { [names.ATTR_GEN_AI_TOOL_NAME]: tool, [names.ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool' }),
      ...(prompt !== undefined && { [names.ATTR_GEN_AI_PROMPT_NAME]: prompt }),
    };
  }

  /** A failed tool call is a result with an error flag; other operations fail with a JSON-RPC error code, or before there is one. */
  #failureAttributes({ tool }: Operation, { kind, code }: Failure): Attributes {
    const { names } = this.#modules;
    if (code === undefined) return { [names.ATTR_ERROR_TYPE]: tool === undefined ? kind : 'tool_error' };
    return { [names.ATTR_ERROR_TYPE]: String(code), [names.ATTR_RPC_RESPONSE_STATUS_CODE]: String(code) };
  }

  /** Attributes of one span. A request id is only sent when it is a number or a UUID: other text could contain anything. */
  #spanAttributes({ resource }: Operation, { requestId, sessionId }: RequestFacts): Attributes {
    const { names } = this.#modules;
    return {
      ...(isPlainId(requestId) && { [names.ATTR_JSONRPC_REQUEST_ID]: String(requestId) }),
      ...(sessionId !== undefined && { [names.ATTR_MCP_SESSION_ID]: sessionId }),
      ...(resource !== undefined && { [names.ATTR_MCP_RESOURCE_URI]: resource }),
    };
  }

  /** The parent is the caller's context and the HTTP request's becomes a link; without the caller's, the HTTP request's is the parent. */
  #relations(traceparent: unknown, httpTraceparent: string | undefined): { parent: Context; links: Link[] } {
    const { api } = this.#modules;
    const [caller, request] = [this.#spanContext(traceparent), this.#spanContext(httpTraceparent)];
    const parent = caller ?? request;
    return {
      parent: parent === undefined ? api.ROOT_CONTEXT : api.trace.setSpanContext(api.ROOT_CONTEXT, parent),
      links: caller !== undefined && request !== undefined ? [{ context: request }] : [],
    };
  }

  #spanContext(traceparent: unknown): SpanContext | undefined {
    const { TraceFlags } = this.#modules.api;
    const { traceId, parentSpanId, sampled } = traceContext(traceparent);
    if (parentSpanId === undefined) return undefined;
    return { traceId, spanId: parentSpanId, traceFlags: sampled === true ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
  }
}

function isPlainId(id: string | number | undefined): boolean {
  return typeof id === 'number' || (id !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id));
}
