import type { Instruments, Log, SpanParent } from '@fairway-mcp/telemetry';
import type {
  JsonAnswer,
  Upstream,
  UpstreamAnswer,
  UpstreamHealth,
  UpstreamRequest,
  UpstreamStream,
  UpstreamTelemetry,
} from '@fairway-mcp/upstream';
import type * as z from 'zod';
import { type ResolvedHost, resolveHosts } from '../define/hosts.ts';
import type { ServerDescription } from '../define/server.ts';

const HOMEPAGE = 'https://github.com/fairway-mcp/fairway';

/** The client that services get, and what `/health` shows of it. */
export interface KitUpstream {
  upstream: Upstream;
  hosts: readonly ResolvedHost[];
}

/** Makes the client for the hosts that the definition declares. The HTTP client is loaded at the first request: it costs memory. */
export function createKitUpstream(
  { name, version, hosts = [] }: ServerDescription['definition'],
  config: Record<string, unknown>,
  log: Log,
  instruments: Instruments,
): KitUpstream {
  const resolved = resolveHosts(hosts, config);
  const rules = resolved.flatMap((host) => host.rules);
  const load = async (): Promise<Upstream> => {
    if (rules.length === 0) throw new TypeError(`${name} declares no hosts: add them to its definition.`);
    const { createUpstream } = await import('@fairway-mcp/upstream');
    return createUpstream({
      hosts: rules,
      userAgent: `fairway-${name}/${version} (+${HOMEPAGE})`,
      log,
      telemetry: clientSpans(instruments),
    });
  };
  return { upstream: new LazyUpstream(load), hosts: resolved };
}

/** A client span for each attempt, by the OpenTelemetry conventions for HTTP. Hosts that the operator sets are not sent. */
function clientSpans(instruments: Instruments): UpstreamTelemetry {
  return {
    startAttempt({ method, port, attempt, route, trace }) {
      const span = instruments.beginSpan({
        name: route === undefined ? method : `${method} ${route}`,
        kind: 'client',
        parent: isSpan(trace) ? trace : undefined,
        attributes: {
          'http.request.method': method,
          'server.port': port,
          ...(attempt > 1 && { 'http.request.resend_count': attempt - 1 }),
          ...(route !== undefined && { 'url.template': route }),
        },
      });
      return {
        end: ({ status, error, wireBytes }) =>
          span.end(error === undefined ? undefined : { kind: error }, {
            ...(status !== undefined && { 'http.response.status_code': status }),
            ...(wireBytes !== undefined && { 'http.response.body.size': wireBytes }),
          }),
      };
    },
  };
}

function isSpan(trace: unknown): trace is SpanParent {
  return typeof trace === 'object' && trace !== null && 'traceId' in trace;
}

class LazyUpstream implements Upstream {
  readonly #load: () => Promise<Upstream>;
  #loading: Promise<Upstream> | undefined;
  #loaded: Upstream | undefined;

  constructor(load: () => Promise<Upstream>) {
    this.#load = load;
  }

  async request(request: UpstreamRequest): Promise<UpstreamAnswer> {
    return (await this.#client()).request(request);
  }

  async json<S extends z.ZodType>(schema: S, request: UpstreamRequest): Promise<JsonAnswer<z.output<S>>> {
    return (await this.#client()).json(schema, request);
  }

  async stream(request: UpstreamRequest): Promise<UpstreamStream> {
    return (await this.#client()).stream(request);
  }

  /** Empty before the first request. */
  health(): UpstreamHealth[] {
    return this.#loaded?.health() ?? [];
  }

  async close(): Promise<void> {
    await (await this.#loading)?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #client(): Promise<Upstream> {
    this.#loading ??= this.#load();
    this.#loaded = await this.#loading;
    return this.#loaded;
  }
}
