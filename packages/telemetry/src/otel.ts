import { waitAtMost } from '@fairway-mcp/async';
import type { Attributes, Context, Link, Tracer } from '@opentelemetry/api';
import { DurationMetric } from './duration-metric.ts';
import type { Failure, Instruments, Observation, Operation, RequestFacts } from './instruments.ts';
import type { Span, SpanStart } from './span.ts';
import { newTraceId, parseTraceparent, type RemoteSpan } from './trace.ts';

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

const DEFAULT_METRICS_INTERVAL_MS = 60_000;
const CLOSE_TIMEOUT_MS = 1_500;

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
    // What is sampled is decided before a span is started: an unsampled one would cost as much as a sampled one.
    sampler: new trace.AlwaysOnSampler(),
    spanProcessors: [new trace.BatchSpanProcessor({ exporter: new exporters.OTLPTraceExporter({ url: `${base}/v1/traces`, headers }) })],
  });
  const duration = new DurationMetric({
    name: names.METRIC_MCP_SERVER_OPERATION_DURATION,
    description: 'Duration of an MCP request as the server sees it.',
    resource,
    scope: SCOPE,
    histogram: metrics.DataPointType.HISTOGRAM,
    cumulative: metrics.AggregationTemporality.CUMULATIVE,
    double: api.ValueType.DOUBLE,
  });
  const reader = new metrics.PeriodicExportingMetricReader({
    exporter: new exporters.OTLPMetricExporter({ url: `${base}/v1/metrics`, headers }),
    exportIntervalMillis: options.metricsIntervalMs ?? DEFAULT_METRICS_INTERVAL_MS,
    metricProducers: [duration],
  });
  const measuring = new metrics.MeterProvider({ resource, readers: [reader] });
  return new OtelInstruments({ modules, tracer: tracing.getTracer(SCOPE), duration, traceRatio: options.traceRatio }, [tracing, measuring]);
}

const SCOPE = 'fairway';

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

interface OtelParts {
  modules: Modules;
  tracer: Tracer;
  duration: DurationMetric;
  traceRatio: number;
}

class OtelInstruments implements Instruments {
  readonly #modules: Modules;
  readonly #tracer: Tracer;
  readonly #duration: DurationMetric;
  readonly #traceRatio: number;
  readonly #providers: readonly { shutdown(): Promise<void> }[];

  constructor({ modules, tracer, duration, traceRatio }: OtelParts, providers: readonly { shutdown(): Promise<void> }[]) {
    this.#modules = modules;
    this.#tracer = tracer;
    this.#duration = duration;
    this.#traceRatio = traceRatio;
    this.#providers = providers;
  }

  begin(operation: Operation): Observation {
    const facts = operation.facts();
    const [caller, request] = [parseTraceparent(operation.traceparent), parseTraceparent(facts.httpTraceparent)];
    const parent = caller ?? request;
    const started = performance.now();
    const isSampled = parent === undefined ? Math.random() < this.#traceRatio : parent.isSampled;
    if (!isSampled) {
      const end = (failure?: Failure) => this.#record(operation, facts, started, failure);
      return { traceId: parent?.traceId ?? newTraceId(), spanId: undefined, end };
    }
    const links = caller !== undefined && request !== undefined ? [{ context: this.#spanContext(request) }] : [];
    return this.#beginOperation(operation, facts, { parent: this.#contextOf(parent), links });
  }

  beginSpan({ name, parent, kind = 'internal', attributes = {} }: SpanStart): Span {
    const { api } = this.#modules;
    const isSampled = parent === undefined ? Math.random() < this.#traceRatio : parent.spanId !== undefined;
    if (!isSampled) return { traceId: parent?.traceId ?? newTraceId(), spanId: undefined, end: () => {} };
    const spanKind = kind === 'client' ? api.SpanKind.CLIENT : api.SpanKind.INTERNAL;
    const within = parent?.spanId === undefined ? undefined : { traceId: parent.traceId, spanId: parent.spanId, isSampled };
    const span = this.#tracer.startSpan(name, { kind: spanKind, attributes }, this.#contextOf(within));
    const { traceId, spanId } = span.spanContext();
    return {
      traceId,
      spanId,
      end: (failure, more = {}) => {
        span.setAttributes(more);
        if (failure !== undefined) {
          span.setAttributes({ [this.#modules.names.ATTR_ERROR_TYPE]: failure.kind });
          span.setStatus({ code: api.SpanStatusCode.ERROR });
        }
        span.end();
      },
    };
  }

  #beginOperation(operation: Operation, facts: RequestFacts, { parent, links }: { parent: Context; links: Link[] }): Observation {
    const { api } = this.#modules;
    const target = operation.tool ?? operation.prompt;
    const attributes = { ...this.#commonAttributes(operation, facts), ...this.#spanAttributes(operation, facts) };
    const name = target === undefined ? operation.method : `${operation.method} ${target}`;
    const span = this.#tracer.startSpan(name, { kind: api.SpanKind.SERVER, attributes, links }, parent);
    const started = performance.now();
    const { traceId, spanId } = span.spanContext();
    return {
      traceId,
      spanId,
      end: (failure) => {
        if (failure !== undefined) {
          span.setAttributes({ ...this.#failureAttributes(operation, failure), 'fairway.error.kind': failure.kind });
          span.setStatus({ code: api.SpanStatusCode.ERROR });
        }
        span.end();
        this.#record(operation, facts, started, failure);
      },
    };
  }

  #record(operation: Operation, facts: RequestFacts, started: number, failure: Failure | undefined): void {
    const { method, tool = '', prompt = '' } = operation;
    const failed = failure === undefined ? '' : errorType(operation, failure);
    const key = `${method}\n${tool}\n${prompt}\n${facts.transport}\n${facts.protocolVersion ?? ''}\n${failed}`;
    this.#duration.record(key, (performance.now() - started) / 1000, () => ({
      ...this.#commonAttributes(operation, facts),
      ...(failure !== undefined && this.#failureAttributes(operation, failure)),
    }));
  }

  /** A collector that does not answer must not hold up the end of the process. */
  async close(): Promise<void> {
    await waitAtMost(CLOSE_TIMEOUT_MS, Promise.allSettled(this.#providers.map((provider) => provider.shutdown())));
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

  #failureAttributes(operation: Operation, failure: Failure): Attributes {
    const { names } = this.#modules;
    const type = errorType(operation, failure);
    return { [names.ATTR_ERROR_TYPE]: type, ...(failure.code !== undefined && { [names.ATTR_RPC_RESPONSE_STATUS_CODE]: type }) };
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

  /** The caller's span, or without one the HTTP request's, is the parent. */
  #contextOf(parent: RemoteSpan | undefined): Context {
    const { api } = this.#modules;
    return parent === undefined ? api.ROOT_CONTEXT : api.trace.setSpanContext(api.ROOT_CONTEXT, this.#spanContext(parent));
  }

  #spanContext({ traceId, spanId, isSampled }: RemoteSpan) {
    const { TraceFlags } = this.#modules.api;
    return { traceId, spanId, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
  }
}

/** A failed tool call is a result with an error flag; other operations fail with a JSON-RPC error code, or before there is one. */
function errorType({ tool }: Operation, { kind, code }: Failure): string {
  if (code !== undefined) return String(code);
  return tool === undefined ? kind : 'tool_error';
}

function isPlainId(id: string | number | undefined): boolean {
  return typeof id === 'number' || (id !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id));
}
