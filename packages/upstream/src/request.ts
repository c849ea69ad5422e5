import type { UpstreamAnswer } from './answer.ts';
import type { UpstreamError } from './errors.ts';
import type { Outgoing } from './exchange.ts';

type Scalar = string | number | boolean;

export interface UpstreamRequest {
  /** Absolute. Credentials belong into headers. */
  url: string | URL;
  method?: 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Added to the URL; undefined values are left out, lists repeat the name. */
  query?: Readonly<Record<string, Scalar | readonly Scalar[] | undefined>>;
  headers?: Readonly<Record<string, string | undefined>>;
  /** At most one of `body`, `json` and `form`. */
  body?: string | Uint8Array;
  json?: unknown;
  form?: Readonly<Record<string, Scalar | undefined>>;
  signal?: AbortSignal | undefined;
  /** Instead of the default for the whole request; never longer than `signal` allows. */
  timeoutMs?: number | undefined;
  /** Instead of the default limit of the body. */
  maxBytes?: number | undefined;
  /** 0: a redirect is an error. Only safe methods follow any. */
  maxRedirects?: number | undefined;
  /** The upstream does the same when it gets this twice (an idempotency key, a PUT): it may be sent again. */
  idempotent?: boolean;
  /** A name for spans and logs with few values: `/points/{lat},{lon}`. */
  route?: string;
  /** The span below which the attempts stand, in the telemetry's own form: the context's `trace`. */
  trace?: unknown;
  /**
   * Makes the error for a status that is no success. It may read the body; what it puts into the message goes to the caller, so
   * that only known texts belong there. Undefined: the general error.
   */
  translate?: (answer: UpstreamAnswer) => UpstreamError | undefined;
}

/** Set by the client, or about the connection: a caller that set them could confuse where a request ends or whom it reaches. */
const FORBIDDEN_HEADERS: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
  'proxy-connection',
  'proxy-authorization',
  'accept-encoding',
]);

/** @throws {TypeError} when the request makes no sense: a mistake in the calling code */
export function buildOutgoing(request: UpstreamRequest, url: URL, userAgent: string): Outgoing {
  appendQuery(url, request.query ?? {});
  url.hash = '';
  const { body, type } = buildBody(request);
  const given = Object.entries(request.headers ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), value]],
  );
  const headers: Record<string, string> = {
    accept: '*/*',
    'user-agent': userAgent,
    ...(type !== undefined && { 'content-type': type }),
    ...Object.fromEntries(given),
    'accept-encoding': 'gzip, br, zstd',
  };
  const forbidden = given.find(([name = '']) => FORBIDDEN_HEADERS.has(name));
  if (forbidden) throw new TypeError(`The header ${forbidden[0]} is set by the client.`);
  return { method: request.method ?? 'GET', url, headers, body };
}

/** Appended as text: URLSearchParams would write what already stands there differently, and a space as a plus. */
function appendQuery(url: URL, query: NonNullable<UpstreamRequest['query']>): void {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((item) =>
      item === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(String(item))}`],
    ),
  );
  if (pairs.length > 0) url.search = [url.search.slice(1), ...pairs].filter(Boolean).join('&');
}

function buildBody({ body, json, form, method = 'GET' }: UpstreamRequest): { body: Outgoing['body']; type?: string } {
  const given = [body, json, form].filter((part) => part !== undefined).length;
  if (given > 1) throw new TypeError('A request has one of body, json and form.');
  if (given === 1 && (method === 'GET' || method === 'HEAD')) throw new TypeError(`A ${method} request has no body.`);
  if (json !== undefined) return { body: JSON.stringify(json), type: 'application/json' };
  if (form === undefined) return { body };
  const fields = Object.entries(form).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return { body: new URLSearchParams(fields).toString(), type: 'application/x-www-form-urlencoded' };
}
