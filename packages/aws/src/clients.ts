import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { createConnections, type HttpLimits, pacedHandler, quiet } from './http.ts';
import { Pace, RATES, type Rate } from './pacing.ts';
import { connectService, type Service, type ServiceName } from './services.ts';
import type { AwsLog, ClientSettings, CredentialSource } from './settings.ts';

/** The account and region of a call. */
export interface Place {
  /** Unset: the account of the credentials themselves. */
  account?: string;
  region: string;
}

export type OpenService = <S extends ServiceName>(service: S, place: Place) => Promise<Service<S>>;

interface ClientOptions {
  profile?: string | undefined;
  endpoint?: string | undefined;
  attempts: number;
  limits: HttpLimits;
  rates: Partial<Record<ServiceName, Rate>>;
  log: AwsLog;
  /** The credentials for an account; `undefined` for the account of the credentials themselves. */
  credentials(account: string | undefined): Promise<CredentialSource>;
}

/** Clients beyond this number are created again when needed: an organization has thousands of accounts and regions. */
const MAX_CLIENTS = 1_000;

/** One client for each service, account and region, created when it is first needed. All share their connections. */
export class Clients {
  readonly #options: ClientOptions;
  readonly #clients = new Map<string, Promise<Service<ServiceName>>>();
  readonly #paces = new Map<string, Pace>();
  #connections: NodeHttpHandler | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  readonly open: OpenService = async <S extends ServiceName>(service: S, place: Place): Promise<Service<S>> => {
    const key = `${service}|${place.account ?? ''}|${place.region}`;
    const client = this.#clients.get(key) ?? this.#connect(service, place, key);
    // The most recently used client is the last, so that the first may be dropped.
    this.#clients.delete(key);
    this.#clients.set(key, client);
    client.catch(() => this.#clients.delete(key));
    const oldest = this.#clients.size > MAX_CLIENTS ? this.#clients.keys().next().value : undefined;
    if (oldest !== undefined) this.#clients.delete(oldest);
    // The key names the service.
    return client as Promise<Service<S>>;
  };

  close(): void {
    this.#connections?.destroy();
  }

  async #connect(service: ServiceName, place: Place, key: string): Promise<Service<ServiceName>> {
    return connectService<ServiceName>(service, await this.#settings(service, place, key));
  }

  async #settings(service: ServiceName, { account, region }: Place, key: string): Promise<ClientSettings> {
    const { log, limits, attempts, profile, endpoint, credentials } = this.#options;
    this.#connections ??= createConnections(limits, log);
    const onAttempt = () => log.debug('Calling AWS', { service, region, ...(account !== undefined && { account }) });
    return {
      region,
      credentials: await credentials(account),
      requestHandler: pacedHandler(this.#connections, {
        pace: this.#pace(service, key),
        requestTimeoutMs: limits.requestTimeoutMs,
        onAttempt,
      }),
      maxAttempts: attempts,
      retryMode: 'adaptive',
      logger: quiet(log),
      ...(profile !== undefined && { profile }),
      ...(endpoint !== undefined && { endpoint }),
    };
  }

  /** Outlives the client, so that a client that is created again keeps to the rate. */
  #pace(service: ServiceName, key: string): Pace {
    const pace = this.#paces.get(key) ?? new Pace(this.#options.rates[service] ?? RATES[service]);
    this.#paces.set(key, pace);
    return pace;
  }
}
