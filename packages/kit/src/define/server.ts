import type { Cache } from '@fairway-mcp/cache';
import type { Database } from '@fairway-mcp/store';
import type { Log, SpanParent, SpanStart } from '@fairway-mcp/telemetry';
import type { Upstream } from '@fairway-mcp/upstream';
import type * as z from 'zod';
import { type Command, checkCommands } from './command.ts';
import type { HostDeclaration } from './hosts.ts';
import type { Prompt } from './prompt.ts';
import type { Resource } from './resource.ts';
import type { Tool } from './tool.ts';

/**
 * Notifies the clients that are subscribed. Both return at once and may be called often: a client gets one notification for many changes,
 * and it says only what has changed. Only clients of this process are notified: where several processes serve the same data, each has to
 * find out about a change and announce it.
 */
export interface ResourceAnnouncer {
  /** The resource under this URI has changed, appeared or disappeared. Only resources with `subscribe: true` have subscribers. */
  changed(uri: string): void;
  /** The list of resources has changed. */
  listChanged(): void;
}

/** What the kit provides to a server's services. */
export interface Kit {
  cache: Cache;
  store: Database;
  log: Log;
  /** Calls the hosts that the definition declares, and refuses all others. */
  upstream: Upstream;
  /** Announces changes of resources. */
  resources: ResourceAnnouncer;
  now(): Date;
  version: string;
  /**
   * Runs work in a span of its own: below the call that it belongs to (`parent: context.trace`), or by itself where no request started it.
   * Without a collector it only runs the work.
   */
  span<T>(start: SpanStart, work: (span: SpanParent) => Promise<T>): Promise<T>;
  /** Records what the server did without a request, or beside one: a row of the audit trail, in the same chain as those of the calls. */
  audit(event: AuditEvent): Promise<void>;
}

/** Something that a server did of its own accord, such as sending a notification. */
export interface AuditEvent {
  /** As the audit trail names it, of few values: `watch.notify`. */
  action: string;
  /** On whose behalf. Default: the server itself. */
  principal?: string;
  /** `ok`, or the kind of an error. Default: `ok`. */
  outcome?: string;
  durationMs?: number;
  trace?: SpanParent;
  /** Recorded as the arguments of tools are: only what its schema marks as safe stays readable. */
  details?: { schema: z.ZodObject; values: Readonly<Record<string, unknown>> };
}

/** The result of one check of `doctor` or `/health`. */
export interface Finding {
  name: string;
  ok: boolean;
  /** The result, in a sentence. */
  detail: string;
  /** What to do about it, when not ok. */
  remedy?: string;
}

/** Writes one generated section of a server's README, as Markdown. */
export type ReadmeSection = (tools: readonly string[]) => string;

export interface ServerDefinition<Services, C extends z.ZodObject> {
  /** Also the scope prefix and the folder under servers/. */
  name: string;
  title: string;
  /** At most 100 characters: it goes into the registry as it is. */
  description: string;
  version: string;
  /** For the model: how the tools belong together. Sent once when a client connects. */
  instructions?: string;
  /** One zod object: flags, environment, README table and server.json come from it. */
  config: C;
  /** The hosts that `kit.upstream` may call, and what for: README, `--help` and the registry entry show them. */
  hosts?: readonly HostDeclaration<z.output<C>>[];
  services(config: z.output<C>, kit: Kit): Services | Promise<Services>;
  tools: readonly Tool<Services>[];
  resources?: readonly Resource<Services>[];
  prompts?: readonly Prompt<Services>[];
  /** Commands of the program, beside those that every server has. */
  commands?: readonly Command<Services, z.output<C>>[];
  /** Generated sections of the README besides the kit's own, by the name of their marker: `generated:NAME`. They get the tools' names. */
  readmeSections?: Readonly<Record<string, ReadmeSection>>;
  /** What this server depends on beyond the kit, for `/health`. Must answer within seconds; the kit remembers the answer for a while. */
  health?(services: Services, signal: AbortSignal): Promise<Finding[]>;
  /** The thorough look for `doctor`: credentials, permissions, reachability, each with what to do about it. */
  doctor?(services: Services, signal: AbortSignal): Promise<Finding[]>;
  /** Called once when everything has been answered. */
  close?(services: Services): Promise<void> | void;
}

export interface ServerDescription<Services = unknown> {
  readonly definition: ServerDefinition<Services, z.ZodObject>;
}

/** Defines a server: its table of contents. See docs/adding-a-server.md. */
export function defineServer<Services, C extends z.ZodObject>(definition: ServerDefinition<Services, C>): ServerDescription {
  if (definition.description.length > 100)
    throw new TypeError(
      `The description of ${definition.name} is ${definition.description.length} characters long; the registry takes 100.`,
    );
  checkCommands((definition.commands ?? []) as readonly Command[]);
  return { definition: definition as unknown as ServerDescription['definition'] };
}
