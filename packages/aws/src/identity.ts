import { createHash } from 'node:crypto';
import { AwsError, answered } from './errors.ts';
import type { Service } from './services.ts';

/** The principal whose credentials sign the calls. */
export interface Identity {
  /** 12 digits. */
  account: string;
  arn: string;
  /** `aws`, `aws-cn`, `aws-us-gov`: what ARNs begin with. */
  partition: string;
  /** A hash of account, principal, session and endpoint for cache keys. Reveals none of them. */
  fingerprint: string;
}

const IDENTITY_ACTION = 'sts:GetCallerIdentity';

/** Needs no permission. @throws AwsError */
export async function fetchIdentity({ client, GetCallerIdentityCommand }: Service<'sts'>, endpoint: string | undefined): Promise<Identity> {
  const { Account, Arn, UserId } = await answered(IDENTITY_ACTION, undefined, client.send(new GetCallerIdentityCommand({})));
  const [, partition] = Arn?.split(':') ?? [];
  if (!Account || !Arn || !UserId || !partition) throw new AwsError(IDENTITY_ACTION, 'invalid_answer', 'MissingIdentity');
  const parts = [Account, UserId, endpoint ?? 'AWS'];
  const fingerprint = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  return { account: Account, arn: Arn, partition, fingerprint };
}

const IDENTITY_TTL_MS = 15 * 60_000;

/** Identities by account, each fetched once for concurrent callers. A failure is not kept. */
export class IdentityCache {
  readonly #fetch: (account: string | undefined) => Promise<Identity>;
  readonly #now: () => number;
  readonly #entries = new Map<string, { until: number; identity: Promise<Identity> }>();

  constructor(fetch: (account: string | undefined) => Promise<Identity>, now: () => number = () => performance.now()) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** @throws AwsError; the signal's reason when it is aborted */
  get(signal: AbortSignal | undefined, account: string | undefined): Promise<Identity> {
    const key = account ?? '';
    const known = this.#entries.get(key);
    if (known !== undefined && known.until > this.#now()) return answered(IDENTITY_ACTION, signal, known.identity);
    const identity = this.#fetch(account);
    this.#entries.set(key, { until: this.#now() + IDENTITY_TTL_MS, identity });
    identity.catch(() => this.#entries.delete(key));
    return answered(IDENTITY_ACTION, signal, identity);
  }
}
