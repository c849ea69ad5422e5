import { once } from '@fairway-mcp/async';
import { Clients, type OpenService } from './clients.ts';
import { assumeRole, type Role } from './credentials.ts';
import { customEndpoint } from './endpoint.ts';
import { type HttpLimits, quiet } from './http.ts';
import { fetchIdentity, type Identity, IdentityCache } from './identity.ts';
import type { Rate } from './pacing.ts';
import { profileProblem } from './profile.ts';
import { connectService, type ServiceName } from './services.ts';
import type { AwsLog, CredentialSource } from './settings.ts';

export interface AwsOptions {
  /** Region of calls that belong to no region, such as STS. Unset: the SDK's own chain decides (environment, profile). */
  region?: string;
  /** Profile of the shared configuration files. Unset: the SDK's own chain decides. */
  profile?: string;
  /** The address of all services, instead of AWS. Unset: `AWS_ENDPOINT_URL` and its variants, which the SDK reads itself. */
  endpoint?: string;
  /** Other accounts, each with the role to assume there. All others are rejected. */
  roles?: readonly Role[];
  /** Name of the assumed roles' sessions, as CloudTrail shows it. */
  sessionName: string;
  log?: AwsLog;
  /** Attempts of one call, the first included. */
  attempts?: number;
  limits?: Partial<HttpLimits>;
  /** Replaces the default rates, by service. */
  rates?: Partial<Record<ServiceName, Rate>>;
  now?: () => number;
}

/** AWS with one identity: clients are created when they are first needed, and kept. */
export interface Aws {
  /** A service in an account and region. Pass each call to `answered`, and the signal to the SDK. */
  open: OpenService;
  /** The caller's identity in an account, from STS, cached for a while. @throws AwsError when the credentials or the role are unusable. */
  identity(signal: AbortSignal | undefined, account?: string): Promise<Identity>;
  /** The region of calls that belong to no region. */
  homeRegion(): Promise<string>;
  /** The address to which calls go instead of to AWS, if one is set: by an option, the environment or the profile. May contain a password. */
  endpoint(): Promise<string | undefined>;
  /** Why the profile that is set can give no credentials, as a sentence, where that is known. */
  profileProblem(): Promise<string | undefined>;
  /** Closes the connections. */
  close(): void;
}

const LIMITS: HttpLimits = { requestTimeoutMs: 15_000, connectionTimeoutMs: 5_000, maxSockets: 50 };
const ATTEMPTS = 4;
/** The region of services that exist once in the world, used when nothing else names one. */
const FALLBACK_REGION = 'us-east-1';

const SILENT: AwsLog = { debug: () => undefined, warn: () => undefined };

export function createAws(options: AwsOptions): Aws {
  const { profile, endpoint, log = SILENT, now = Date.now, attempts = ATTEMPTS, rates = {} } = options;
  const homeRegion = once(async () => options.region ?? (await configuredRegion(profile)) ?? FALLBACK_REGION);
  const openSts = async (account?: string) => open('sts', { region: await homeRegion(), ...(account !== undefined && { account }) });
  const credentials = createCredentials(options, { log, now, openSts });
  const limits = { ...LIMITS, ...options.limits };
  const clients = new Clients({ profile, endpoint, attempts, limits, rates, log, credentials });
  const { open } = clients;
  const identities = new IdentityCache(async (account) => {
    const sts = await openSts(account);
    return fetchIdentity(sts, await customEndpoint(endpoint, sts.client.config));
  });
  return {
    open,
    identity: (signal, account) => identities.get(signal, account),
    homeRegion,
    endpoint: once(async () =>
      customEndpoint(endpoint, (await connectService('sts', profile === undefined ? {} : { profile })).client.config),
    ),
    profileProblem: () => profileProblem(profile),
    close: () => clients.close(),
  };
}

/** The credentials for each account: the configured ones, or those of its role. */
function createCredentials(
  { profile, roles = [], sessionName }: AwsOptions,
  { log, now, openSts }: { log: AwsLog; now: () => number; openSts: Parameters<typeof assumeRole>[2] },
): (account: string | undefined) => Promise<CredentialSource> {
  const base = once(() => baseCredentials(profile, log));
  const sources = new Map(roles.map((role) => [role.account, assumeRole(role, sessionName, () => openSts(), now)]));
  return async (account) => {
    if (account === undefined) return base();
    const source = sources.get(account);
    if (source === undefined) throw new TypeError(`No role is configured for account ${account}.`);
    return source;
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
