import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { assumeRole, type Role } from './credentials.ts';
import { customEndpoint } from './endpoint.ts';
import { answered } from './errors.ts';
import { createConnections, type HttpLimits, pacedHandler, quiet } from './http.ts';
import { askIdentity, IDENTITY_ACTION, type Identity } from './identity.ts';
import { Pace, RATES, type Rate } from './pacing.ts';
import { connectService, type Service, type ServiceName } from './services.ts';
import type { AwsLog, ClientSettings, CredentialSource } from './settings.ts';

export interface AwsOptions {
  /** Region for calls that belong to none, such as STS. Unset: the SDK's own chain decides (environment, profile). */
  region?: string;
  /** Profile of the shared configuration files. Unset: the SDK's own chain decides. */
  profile?: string;
  /** Where all services are, instead of AWS. Unset: `AWS_ENDPOINT_URL` and its kin, which the SDK reads itself. */
  endpoint?: string;
  /** Accounts that are entered through a role. All others are refused. */
  roles?: readonly Role[];
  /** Name of the sessions in those accounts, as CloudTrail shows it. */
  sessionName: string;
  log?: AwsLog;
  /** Attempts at one call, the first included. */
  attempts?: number;
  limits?: Partial<HttpLimits>;
  /** Replaces what calls are held to, by service. */
  rates?: Partial<Record<ServiceName, Rate>>;
  now?: () => number;
}

/** Where a call goes. */
export interface Place {
  /** Unset: the account of the credentials themselves. */
  account?: string;
  region: string;
}

/** AWS as seen with one identity: clients that are made when they are first needed and kept. */
export interface Aws {
  /** A service in a place. Pass each call to `answered`, and the signal to the SDK. */
  open<S extends ServiceName>(service: S, place: Place): Promise<Service<S>>;
  /** Who calls there. Asked of STS and remembered for a while. @throws AwsError when the credentials or the role are of no use. */
  identity(signal: AbortSignal | undefined, account?: string): Promise<Identity>;
  /** The region of calls that belong to none. */
  homeRegion(): Promise<string>;
  /** Lets go of the connections. */
  close(): void;
}

const LIMITS: HttpLimits = { requestTimeoutMs: 15_000, connectionTimeoutMs: 5_000, maxSockets: 50 };
const ATTEMPTS = 4;
/** The region of services that have one place in the world, used when nothing else names one. */
const FALLBACK_REGION = 'us-east-1';
const IDENTITY_TTL_MS = 15 * 60_000;
/** Clients beyond this number are made again when needed: an organization has thousands of places. */
const MAX_CLIENTS = 1_000;

const SILENT: AwsLog = { debug: () => undefined, warn: () => undefined };

export function createAws(options: AwsOptions): Aws {
  const { log = SILENT, now = Date.now, attempts = ATTEMPTS } = options;
  const limits = { ...LIMITS, ...options.limits };
  const roles = new Map(options.roles?.map((role) => [role.account, role]));
  const base = once(() => baseCredentials(options.profile, log));
  const sources = new Map<string, CredentialSource>();
  const clients = new Map<string, Promise<Service<ServiceName>>>();
  const paces = new Map<string, Pace>();
  const identities = new Map<string, { until: number; identity: Promise<Identity> }>();
  let connections: NodeHttpHandler | undefined;

  async function credentials(account: string | undefined): Promise<CredentialSource> {
    if (account === undefined) return base();
    const role = roles.get(account);
    if (role === undefined) throw new TypeError(`No role is configured for account ${account}.`);
    return remembered(sources, account, () =>
      assumeRole(role, options.sessionName, async () => open('sts', { region: await homeRegion() }), now),
    );
  }

  function pace(service: ServiceName, key: string): Pace {
    return remembered(paces, key, () => new Pace(options.rates?.[service] ?? RATES[service]));
  }

  async function settings(service: ServiceName, { account, region }: Place, key: string): Promise<ClientSettings> {
    connections ??= createConnections(limits, log);
    const onAttempt = () => log.debug('AWS is asked', { service, region, ...(account !== undefined && { account }) });
    return {
      region,
      credentials: await credentials(account),
      requestHandler: pacedHandler(connections, { pace: pace(service, key), requestTimeoutMs: limits.requestTimeoutMs, onAttempt }),
      maxAttempts: attempts,
      retryMode: 'adaptive',
      logger: quiet(log),
      ...(options.profile !== undefined && { profile: options.profile }),
      ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
    };
  }

  async function open<S extends ServiceName>(service: S, place: Place): Promise<Service<S>> {
    const key = `${service}|${place.account ?? ''}|${place.region}`;
    const known = clients.get(key);
    clients.delete(key);
    const client = known ?? settings(service, place, key).then((made) => connectService<ServiceName>(service, made));
    clients.set(key, client);
    client.catch(() => clients.delete(key));
    const oldest = clients.size > MAX_CLIENTS ? clients.keys().next().value : undefined;
    if (oldest !== undefined) clients.delete(oldest);
    return client as Promise<Service<S>>;
  }

  const homeRegion = once(async () => options.region ?? (await configuredRegion(options.profile)) ?? FALLBACK_REGION);

  async function askSts(account: string | undefined): Promise<Identity> {
    const sts = await open('sts', { region: await homeRegion(), ...(account !== undefined && { account }) });
    return askIdentity(sts, await customEndpoint(options.endpoint, sts.client.config));
  }

  async function identity(signal: AbortSignal | undefined, account?: string): Promise<Identity> {
    const key = account ?? '';
    const known = identities.get(key);
    if (known !== undefined && known.until > now()) return answered(IDENTITY_ACTION, signal, known.identity);
    const asked = askSts(account);
    identities.set(key, { until: now() + IDENTITY_TTL_MS, identity: asked });
    asked.catch(() => identities.delete(key));
    return answered(IDENTITY_ACTION, signal, asked);
  }

  return {
    open,
    identity,
    homeRegion,
    close() {
      connections?.destroy();
    },
  };
}

async function baseCredentials(profile: string | undefined, log: AwsLog): Promise<CredentialSource> {
  const { fromNodeProviderChain } = await import('./services/credentials.ts');
  return fromNodeProviderChain({ logger: quiet(log), ...(profile !== undefined && { profile }) });
}

/** The region that environment or profile name, if any. */
async function configuredRegion(profile: string | undefined): Promise<string | undefined> {
  const { client } = await connectService('sts', profile === undefined ? {} : { profile });
  return client.config.region().catch(() => undefined);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function remembered<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
