import { createHash } from 'node:crypto';
import { AwsError, answered } from './errors.ts';
import type { Service } from './services.ts';

/** Who makes the calls. */
export interface Identity {
  /** 12 digits. */
  account: string;
  arn: string;
  /** `aws`, `aws-cn`, `aws-us-gov`: what ARNs begin with. */
  partition: string;
  /** Stands for account, principal, session and endpoint in cache keys. Says nothing about any of them. */
  fingerprint: string;
}

export const IDENTITY_ACTION = 'sts:GetCallerIdentity';

/** Needs no permission. @throws AwsError */
export async function askIdentity({ client, GetCallerIdentityCommand }: Service<'sts'>, endpoint: string | undefined): Promise<Identity> {
  const { Account, Arn, UserId } = await answered(IDENTITY_ACTION, undefined, client.send(new GetCallerIdentityCommand({})));
  const [, partition] = Arn?.split(':') ?? [];
  if (!Account || !Arn || !UserId || !partition) throw new AwsError(IDENTITY_ACTION, 'invalid_answer', 'MissingIdentity');
  const parts = [Account, UserId, endpoint ?? 'AWS'];
  const fingerprint = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  return { account: Account, arn: Arn, partition, fingerprint };
}
