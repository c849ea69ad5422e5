import os from 'node:os';
import path from 'node:path';
import { faultOfToken } from '@fairway-mcp/auth';
import { LOG_LEVELS } from '@fairway-mcp/telemetry';
import * as z from 'zod';
import { address, hostName, isRedis } from './addresses.ts';
import { otelHeaders } from './otel-headers.ts';

const names = (what: string) => z.array(z.string().min(1)).meta({ description: what, placeholder: 'a,b' });

/** Sockets are named by parameters of the address, without a host. */
const anyHost = () => true;

/** A token that clients can send: with any other the server would start and refuse everybody. Messages never contain the token. */
function sendableToken() {
  return z
    .string()
    .min(16)
    .superRefine((token, { addIssue }) => {
      const fault = faultOfToken(token);
      if (fault !== undefined) addIssue(`no client could send it: ${fault}`);
    });
}

/** The settings that every server has. A server's own settings may not reuse a name. */
export const kitSettings = z.object({
  http: z.string().optional().meta({
    description: 'Serve Streamable HTTP here instead of stdio. Beyond loopback this needs authentication.',
    placeholder: '[host:]port',
  }),
  readOnly: z.boolean().default(false).meta({ description: 'Offer only tools that change nothing.' }),
  tools: names('Offer only these tools.').optional(),
  exclude: names('Do not offer these tools.').optional(),
  stateDir: z.string().optional().meta({
    description: 'Folder of the durable state (audit trail, keys, history). Default: the user state folder.',
    placeholder: 'PATH',
    path: 'directory',
  }),
  databaseUrl: address(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/database', anyHost).optional().meta({
    description: 'Keep the durable state in this Postgres instead, shared by several processes.',
    placeholder: 'postgres://…',
    secret: true,
  }),
  auditFlush: z.enum(['writes', 'always']).default('writes').meta({
    description:
      'Which audit rows are flushed to the disk before the answer leaves. Rows of reads are otherwise flushed within 100 ms: a power failure can take them, the end of the process cannot.',
  }),
  redisUrl: address(['redis:', 'rediss:'], 'redis://host:6379/0, or rediss:// for TLS', isRedis).optional().meta({
    description: 'Cache in this Redis or Valkey instead of memory, shared by several processes.',
    placeholder: 'redis://…',
    secret: true,
  }),
  logLevel: z.enum(LOG_LEVELS).default('info').meta({ description: 'Least severe log lines to write to stderr.' }),
  logFormat: z.enum(['json', 'pretty']).default('json').meta({ description: 'Form of the log lines.' }),
  otelEndpoint: address(['http:', 'https:'], 'http://host:4318 or https://…').optional().meta({
    description: 'Send traces and metrics to this OTLP/HTTP collector. Nothing is sent without it.',
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    placeholder: 'http://…',
  }),
  otelHeaders: otelHeaders()
    .optional()
    .meta({ description: 'Headers for the collector, as name=value,name=value.', env: 'OTEL_EXPORTER_OTLP_HEADERS', secret: true }),
  otelServiceName: z
    .string()
    .optional()
    .meta({ description: 'Name under which the collector knows this server.', env: 'OTEL_SERVICE_NAME', placeholder: 'NAME' }),
  otelTraceRatio: z.number().min(0).max(1).default(1).meta({
    description:
      'Which part of the traces that begin here is sent: 0.1 is a tenth, 0 none. A caller that traces decides for its own. Metrics count every call.',
    env: 'OTEL_TRACES_SAMPLER_ARG',
  }),
  bearerToken: sendableToken().optional().meta({
    description:
      'One shared token that HTTP callers must present. API keys (made with "keys create") are better: they expire and tell callers apart.',
    secret: true,
  }),
  bearerScopes: z.array(z.string()).default(['*']).meta({ description: 'Scopes of the shared token.', placeholder: 'a:read,b:*' }),
  refusalLimit: z.int().min(0).default(30).meta({
    description: 'Refused credentials a minute from one address; meanwhile none that is unknown is looked at. 0: no limit.',
  }),
  allowedHosts: z.array(hostName()).default([]).meta({
    description: 'Host names, besides loopback and the bound one, under which HTTP callers may reach this server.',
    placeholder: 'a.example,b',
  }),
  allowedOrigins: z
    .array(hostName())
    .default([])
    .meta({ description: 'Host names of web pages, besides loopback, that may call this server.', placeholder: 'a.example,b' }),
  stateless: z.boolean().default(false).meta({
    description:
      'Give HTTP clients of the 2025 protocol no sessions: for a balancer without affinity. They then cannot be asked to confirm.',
  }),
  maxSessions: z
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .meta({ description: 'Maximum number of sessions at a time, shared by the callers.' }),
  sessionIdleMinutes: z.number().positive().default(30).meta({ description: 'A session that was not used for this long ends.' }),
  maxSubscriptions: z.int().min(1).max(100_000).default(1000).meta({
    description: 'Maximum number of subscriptions to resources of one caller at a time; 200 in one session or stream.',
  }),
  rateLimit: z
    .int()
    .min(0)
    .default(600)
    .meta({ description: 'Calls a minute for each caller and tool, and requests a minute for each caller and other method. 0: no limit.' }),
  maxConcurrency: z.int().min(1).default(64).meta({
    description:
      'Calls that run at the same time; further ones are rejected with the time to wait. Requests about tasks have the same limit for themselves.',
  }),
  deadlineSeconds: z
    .number()
    .positive()
    .max(3600)
    .default(55)
    .meta({ description: 'A call that takes longer is ended with a timeout. Desktop clients wait 60 s.' }),
  taskHours: z
    .number()
    .positive()
    .max(720)
    .default(1)
    .meta({ description: 'How long the answer of a long call can be fetched (tasks extension).' }),
  drainSeconds: z.number().min(0).default(30).meta({ description: 'How long calls in flight may take to end at shutdown.' }),
  requestSeconds: z.number().positive().max(600).default(30).meta({
    description: 'How long a client may take to send a request. Its headers must be there within a third of that.',
  }),
  idleSeconds: z.number().positive().max(3600).default(75).meta({
    description: 'A connection without a request for this long is closed. Keep it above the idle time of a balancer in front.',
  }),
  maxConnections: z.int().min(1).default(5000).meta({ description: 'Maximum number of connections at a time; further ones are closed.' }),
  maxBodyBytes: z.int().min(1024).default(1_048_576).meta({ description: 'Largest request.' }),
  maxJsonDepth: z.int().min(4).default(64).meta({ description: 'Deepest nesting of a request.' }),
  responseBudgetBytes: z
    .int()
    .min(2000)
    .default(40_000)
    .meta({ description: 'Largest answer of a tool. Lists are cut with a cursor to the rest.' }),
  allowUnconfirmed: names('Tools that may write without asking when the client cannot ask the user.').default([]),
  stateKey: z
    .string()
    .min(32)
    .optional()
    .meta({ description: 'Key that signs pending confirmations. Needed when several processes serve the same clients.', secret: true }),
});

export type KitSettings = z.output<typeof kitSettings>;

/**
 * The folder for a server's durable state when none is set: XDG_STATE_HOME, LOCALAPPDATA on Windows, `~/.local/state` otherwise.
 */
export function defaultStateDir(server: string, environment: Readonly<Record<string, string | undefined>>): string {
  const base = process.platform === 'win32' ? environment.LOCALAPPDATA : environment.XDG_STATE_HOME;
  // The specification says to ignore a relative one.
  return path.join(base !== undefined && path.isAbsolute(base) ? base : path.join(os.homedir(), '.local', 'state'), 'fairway', server);
}
