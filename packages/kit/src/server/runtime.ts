import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { type Authenticator, apiKeyVerifier, createAuthenticator, staticBearerVerifier } from '@fairway-mcp/auth';
import { type Cache, createCache, createMemoryCache, openRedisCache } from '@fairway-mcp/cache';
import {
  createApiKeyTable,
  createAuditLog,
  createTaskTable,
  createWriteJournal,
  type Database,
  openPostgres,
  openSqlite,
} from '@fairway-mcp/store';
import { createAuditTrail, createLog, createRedactor, type Instruments, type Log, noInstruments, openOtel } from '@fairway-mcp/telemetry';
import type { KitSettings } from '../config/kit-settings.ts';
import { type Catalog, createCatalog } from '../define/catalog.ts';
import type { ServerDescription } from '../define/server.ts';
import { Opened } from '../opened.ts';
import { Admission } from '../pipeline/admit.ts';
import { Confirmations } from '../pipeline/confirmations.ts';
import { Deadlines } from '../pipeline/deadlines.ts';
import { runToEnd, type WayDependencies } from '../pipeline/pipeline.ts';
import { UsageError } from '../protocol/errors.ts';
import { type Identity, type SdkServerFactory, sdkServerFactory } from '../sdk/sdk-server.ts';
import { Tasks } from '../tasks/tasks.ts';
import { Occupancy } from '../util/in-flight.ts';
import { createHealth, type Health } from './health.ts';

/** How long what was cut off at the end may take to be recorded. */
const LAST_WORDS_MS = 2_000;

/** A server made ready to serve, before any transport is open. */
export interface Runtime {
  catalog: Catalog;
  dependencies: WayDependencies;
  identity: Identity;
  factory: SdkServerFactory;
  services: unknown;
  store: Database;
  cache: Cache;
  log: Log;
  health: Health;
  /** Writes down what is still in hand and lets go of everything. */
  close(): Promise<void>;
}

export interface RuntimeOptions {
  description: ServerDescription;
  settings: KitSettings;
  /** The server's own settings, judged. */
  config: Record<string, unknown>;
  stateDir: string;
  /** Values that must never be written anywhere. */
  secrets: readonly string[];
  /** Where log lines go; stderr unless a test wants to see them. */
  writeLog?: (line: string) => void;
}

/** @throws UsageError when the state folder cannot be used; whatever the server's own services throw. */
export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const opened = new Opened();
  try {
    return await assemble(options, opened);
  } catch (error) {
    // A connection that stays open would keep the process that could not start.
    await opened.close();
    throw error;
  }
}

async function assemble(options: RuntimeOptions, opened: Opened): Promise<Runtime> {
  const { description, settings } = options;
  const { definition } = description;
  const catalog = createCatalog(description, settings);
  const log = createLog({
    level: settings.logLevel,
    format: settings.logFormat,
    redactor: createRedactor(options.secrets),
    ...(options.writeLog && { write: options.writeLog }),
  });
  const store = opened.add(await openStore(settings, options.stateDir, log), (it) => it.close());
  const cache = opened.add(await openCache(settings, definition.name, log), (it) => it.port.close());
  const audit = opened.add(createAuditTrail(await createAuditLog(store)), (it) => it.drain());
  const journal = once(() => createWriteJournal(store));
  const kit = { cache, store, log, now: () => new Date(), version: definition.version };
  const services = opened.add(await definition.services(options.config, kit), (it) => definition.close?.(it));
  const instruments = opened.add(await openInstruments(settings, definition, log), (it) => it.close());
  const dependencies: WayDependencies = {
    catalog,
    server: definition.name,
    services,
    log,
    audit,
    instruments,
    journal,
    admission: new Admission(settings),
    underway: new Occupancy(),
    deadlines: new Deadlines(),
    patienceMs: settings.deadlineSeconds * 1000,
    budgetBytes: settings.responseBudgetBytes,
    confirmations: new Confirmations({ key: settings.stateKey ?? randomBytes(32), journal, allowUnconfirmed: settings.allowUnconfirmed }),
  };
  // Calls that were cut off have an end too, and it is written down.
  opened.add(dependencies.underway, (it) => it.emptied(LAST_WORDS_MS));
  const tasks = opened.add(await openTasks(dependencies, settings, store), (it) => it?.close());
  if (tasks !== undefined) dependencies.tasks = tasks;
  const { name, title, version, description: about, instructions } = definition;
  const identity = { name, title, version, description: about, instructions };
  return {
    catalog,
    dependencies,
    identity,
    factory: sdkServerFactory(dependencies, identity),
    services,
    store,
    cache,
    log,
    health: createHealth({ definition, services, store, cache }),
    close: () => opened.close(),
  };
}

/** @throws UsageError when the state folder, or the Postgres that is set, cannot be used. */
export async function openStore({ databaseUrl }: KitSettings, stateDir: string, log?: Log): Promise<Database> {
  if (databaseUrl !== undefined) return openSharedStore(databaseUrl, log);
  try {
    return openSqlite({ file: path.join(stateDir, 'fairway.db') });
  } catch (error) {
    throw new UsageError(`${reasonOf(error)}. Choose a folder that can be written with --state-dir.`);
  }
}

async function openSharedStore(url: string, log: Log | undefined): Promise<Database> {
  const store = await openPostgres({ url, onFault: (error) => log?.warn('A connection to Postgres broke', { error }) });
  try {
    await store.ping();
    return store;
  } catch (error) {
    await store.close();
    throw new UsageError(
      `Cannot use the Postgres of FAIRWAY_DATABASE_URL: ${reasonOf(error)}. Check that it runs, the address and the password.`,
    );
  }
}

/** Where there are tools that run long, their tasks, with what an earlier process left behind. */
async function openTasks(dependencies: WayDependencies, { taskHours }: KitSettings, store: Database): Promise<Tasks | undefined> {
  if (!dependencies.catalog.listed.some(({ definition }) => definition.longRunning === true)) return undefined;
  const { server, log } = dependencies;
  const unhurried = { ...dependencies, patienceMs: undefined };
  const tasks = new Tasks({
    server,
    log,
    table: await createTaskTable(store),
    pause: () => dependencies.admission.pause(),
    ttlMs: taskHours * 3_600_000,
    run: (name, given, caller) => runToEnd(unhurried, { name, arguments: given, caller }),
  });
  await tasks.start();
  return tasks;
}

async function openInstruments(
  { otelEndpoint, otelHeaders, otelServiceName, otelTraceRatio }: KitSettings,
  { name, version }: ServerDescription['definition'],
  log: Log,
): Promise<Instruments> {
  if (otelEndpoint === undefined) return noInstruments;
  return openOtel({
    endpoint: otelEndpoint,
    headers: headersOf(otelHeaders ?? ''),
    serviceName: otelServiceName ?? `fairway-${name}`,
    serviceVersion: version,
    traceRatio: otelTraceRatio,
    onFault: (message) => log.warn('Telemetry could not be sent', { reason: message }),
  });
}

/**
 * `name=value,name=value`, values percent-encoded, as the OpenTelemetry specification writes them.
 * @throws UsageError when a value is not
 */
function headersOf(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const];
  });
  try {
    return Object.fromEntries(pairs.map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    throw new UsageError('otelHeaders (OTEL_EXPORTER_OTLP_HEADERS) has a value that is not percent-encoded: write "%25" for "%".');
  }
}

async function openCache({ redisUrl }: KitSettings, server: string, log: Log): Promise<Cache> {
  const onFault = (error: unknown) => log.warn('The cache failed; answers are loaded anew', { error });
  const port = redisUrl === undefined ? createMemoryCache() : await openRedisCache({ url: redisUrl, prefix: `fairway:${server}`, onFault });
  return createCache(port, { onFault });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

/**
 * Who may come in over HTTP: holders of API keys once one has been made here, and of the shared token when one is set.
 * @returns `undefined` when neither is so.
 */
export async function authenticatorFor(settings: KitSettings, store: Database): Promise<Authenticator | undefined> {
  const keys = await createApiKeyTable(store);
  const hasKeys = (await keys.list()).length > 0;
  const { bearerToken, bearerScopes } = settings;
  const verifiers = [
    ...(hasKeys ? [apiKeyVerifier(keys)] : []),
    ...(bearerToken === undefined ? [] : [staticBearerVerifier(bearerToken, bearerScopes)]),
  ];
  return verifiers.length === 0 ? undefined : createAuthenticator(verifiers);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
