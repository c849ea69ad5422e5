import { randomBytes } from 'node:crypto';
import { once } from '@fairway-mcp/async';
import type { Cache } from '@fairway-mcp/cache';
import { createApiKeyTable, createAuditLog, createTaskTable, createWriteJournal, type Database } from '@fairway-mcp/store';
import {
  type AuditTrail,
  createAuditTrail,
  createLog,
  createRedactor,
  type Instruments,
  type Log,
  type Redactor,
} from '@fairway-mcp/telemetry';
import type { KitSettings } from '../config/kit-settings.ts';
import { type Catalog, createCatalog } from '../define/catalog.ts';
import type { ServerDescription } from '../define/server.ts';
import { Confirmations } from '../pipeline/confirmations.ts';
import { createPipeline, type Pipeline, type PipelineLimits } from '../pipeline/pipeline.ts';
import { ResourceChanges } from '../pipeline/resource-changes.ts';
import type { Identity } from '../sdk/identity.ts';
import { createSdkServerFactory, type SdkExtension, type SdkServerFactory } from '../sdk/sdk-server.ts';
import { Tasks } from '../tasks/tasks.ts';
import { type TaskPipeline, withTasks } from '../tasks/with-tasks.ts';
import { createCurrentPrincipal } from './current-principal.ts';
import { createHealth, type Health } from './health.ts';
import { openInstruments } from './instruments.ts';
import { createKit } from './kit.ts';
import { openCache, openStore } from './stores.ts';
import { createKitUpstream } from './upstream.ts';

/** How long the recording of aborted calls may take at shutdown. */
const FINAL_RECORDS_TIMEOUT_MS = 2_000;

/** A server that is ready to serve, before any transport is open. */
export interface Runtime {
  catalog: Catalog;
  pipeline: TaskPipeline;
  identity: Identity;
  factory: SdkServerFactory;
  services: unknown;
  store: Database;
  cache: Cache;
  log: Log;
  health: Health;
  /** Records what is still in flight and releases everything. */
  close(): Promise<void>;
}

export interface RuntimeOptions {
  description: ServerDescription;
  settings: KitSettings;
  /** The server's own settings, validated. */
  config: Record<string, unknown>;
  stateDir: string;
  /** Values that must never be written anywhere. */
  secrets: readonly string[];
  /** Where log lines go; stderr unless a test wants to see them. */
  writeLog?: (line: string) => void;
  extend?: Extend | undefined;
}

/** Adds to a server what the kit has no definition for. */
export type Extend = (parts: { catalog: Catalog; pipeline: TaskPipeline }) => { catalog: Catalog; sdk: SdkExtension };

/** @throws UsageError when the state folder cannot be used; whatever the server's own services throw. */
export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const opened = new AsyncDisposableStack();
  try {
    return await assemble(options, opened);
  } catch (error) {
    // A connection that stays open would keep a process alive that could not start.
    await opened.disposeAsync();
    throw error;
  }
}

async function assemble(options: RuntimeOptions, opened: AsyncDisposableStack): Promise<Runtime> {
  const { description, settings } = options;
  const { definition } = description;
  const catalog = createCatalog(description, settings);
  const backends = await openBackends(options, opened);
  const { log, redactor, store, cache, audit } = backends;
  const changes = new ResourceChanges(settings.maxSubscriptions);
  const { services, upstream, hosts } = await startServices(options, backends, changes, opened);
  const plain = startPipeline(settings, { ...backends, catalog, services, changes }, opened);
  const tasks = opened.adopt(await openTasks(plain, catalog, settings, store, log), async (it) => it?.close());
  const pipeline = withTasks(plain, catalog, tasks);
  const extension = options.extend?.({ catalog, pipeline });
  const identity = identityOf(definition);
  const offered = extension?.catalog ?? catalog;
  return {
    catalog: offered,
    pipeline,
    identity,
    factory: createSdkServerFactory({ catalog: offered, pipeline, identity, extension: extension?.sdk }),
    services,
    store,
    cache,
    log,
    health: createHealth({ definition, services, store, cache, audit, redactor, upstream, hosts }),
    close: () => opened.disposeAsync(),
  };
}

/** Where a server keeps its state and what it reports to. */
interface Backends {
  log: Log;
  redactor: Redactor;
  store: Database;
  cache: Cache;
  audit: AuditTrail;
  instruments: Instruments;
}

async function openBackends(options: RuntimeOptions, opened: AsyncDisposableStack): Promise<Backends> {
  const { description, settings, stateDir, secrets, writeLog } = options;
  const { definition } = description;
  const redactor = createRedactor(secrets);
  const log = createLog({
    level: settings.logLevel,
    format: settings.logFormat,
    redactor,
    ...(writeLog && { write: writeLog }),
  });
  const store = opened.adopt(await openStore(settings, stateDir, log), (it) => it.close());
  const cache = opened.adopt(await openCache(settings, definition.name, log), (it) => it.port.close());
  const audit = opened.adopt(createAuditTrail(await createAuditLog(store)), (it) => it.drain());
  const instruments = opened.adopt(await openInstruments(settings, definition, log), (it) => it.close());
  return { log, redactor, store, cache, audit, instruments };
}

/** Builds what the tools work with: the server's own services, from what the kit gives them. */
async function startServices(
  { description: { definition }, config }: RuntimeOptions,
  backends: Backends,
  resources: ResourceChanges,
  opened: AsyncDisposableStack,
) {
  const { upstream, hosts } = createKitUpstream(definition, config, backends.log, backends.instruments);
  opened.adopt(upstream, (it) => it.close());
  const kit = createKit(definition, { ...backends, upstream, resources });
  const services = opened.adopt(await definition.services(config, kit), async (it) => definition.close?.(it));
  return { services, upstream, hosts };
}

function startPipeline(
  settings: KitSettings,
  parts: Backends & { catalog: Catalog; services: unknown; changes: ResourceChanges },
  opened: AsyncDisposableStack,
): Pipeline {
  const { catalog, services, changes, store, log, audit, instruments } = parts;
  const journal = once(() => createWriteJournal(store));
  const pipeline = createPipeline({
    catalog,
    services,
    changes,
    log,
    audit,
    instruments,
    flushReads: settings.auditFlush === 'always',
    confirmations: createConfirmations(settings, journal),
    journal,
    limits: limitsOf(settings),
  });
  // Calls that shutdown aborts are recorded too.
  opened.defer(() => pipeline.settled(FINAL_RECORDS_TIMEOUT_MS));
  return pipeline;
}

function createConfirmations({ stateKey, allowUnconfirmed }: KitSettings, journal: () => ReturnType<typeof createWriteJournal>) {
  return new Confirmations({ key: stateKey ?? randomBytes(32), journal, allowUnconfirmed });
}

function limitsOf({ rateLimit, maxConcurrency, deadlineSeconds, responseBudgetBytes }: KitSettings): PipelineLimits {
  return { rateLimit, maxConcurrency, timeoutMs: deadlineSeconds * 1000, responseBudgetBytes };
}

function identityOf({ name, title, version, description, instructions }: ServerDescription['definition']): Identity {
  return { name, title, version, description, instructions };
}

/** The tasks of long-running tools, and those that an earlier process left unfinished. `undefined` where no tool is long-running. */
async function openTasks(
  pipeline: Pipeline,
  catalog: Catalog,
  settings: KitSettings,
  store: Database,
  log: Log,
): Promise<Tasks | undefined> {
  if (!catalog.listed.some(({ definition }) => definition.longRunning === true)) return undefined;
  const tasks = new Tasks({
    server: catalog.server,
    log,
    table: await createTaskTable(store),
    pause: pipeline.pauseCall,
    currentPrincipal: createCurrentPrincipal(await createApiKeyTable(store), settings),
    ttlMs: settings.taskHours * 3_600_000,
    run: (name, given, caller) => pipeline.callTool({ name, arguments: given, caller, withoutDeadline: true }),
  });
  await tasks.start();
  return tasks;
}
