import { AwsError, answered } from './errors.ts';
import type { Service } from './services.ts';
import type { CredentialSource, Credentials } from './settings.ts';

/** The role that gives access to an account other than the credentials' own. */
export interface Role {
  /** 12 digits. */
  account: string;
  /** ARN of the role to assume there. */
  arn: string;
  externalId?: string;
}

/** The role of an account by a template such as `arn:aws:iam::{account}:role/FairwayReadOnly`. */
export function roleFromTemplate(template: string, account: string, externalId?: string): Role {
  return { account, arn: template.replaceAll('{account}', account), ...(externalId !== undefined && { externalId }) };
}

/** Credentials are renewed this long before they expire, so that none expires during a call. */
const RENEW_BEFORE_MS = 5 * 60_000;
const SESSION_SECONDS = 3600;

/**
 * Credentials of an assumed role: requested once for concurrent clients, and renewed when they are about to expire. A failure is not
 * remembered.
 */
export function assumeRole(role: Role, sessionName: string, openSts: () => Promise<Service<'sts'>>, now: () => number): CredentialSource {
  let current: Credentials | undefined;
  let renewing: Promise<Credentials> | undefined;

  async function assume(): Promise<Credentials> {
    const action = 'sts:AssumeRole';
    const { client, AssumeRoleCommand } = await openSts();
    // Several callers wait for this, so that none of them may abort it; attempts and time are bounded by the client.
    const { Credentials: given } = await answered(
      action,
      undefined,
      client.send(
        new AssumeRoleCommand({
          RoleArn: role.arn,
          RoleSessionName: sessionName,
          DurationSeconds: SESSION_SECONDS,
          ...(role.externalId !== undefined && { ExternalId: role.externalId }),
        }),
      ),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
      throw new AwsError(action, 'invalid_answer', 'MissingCredentials');
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken, expiration: Expiration };
  }

  return async () => {
    if (renewing !== undefined) return renewing;
    if (current?.expiration !== undefined && current.expiration.getTime() - now() > RENEW_BEFORE_MS) return current;
    renewing = assume()
      .then((given) => {
        current = given;
        return given;
      })
      .finally(() => {
        renewing = undefined;
      });
    return renewing;
  };
}
