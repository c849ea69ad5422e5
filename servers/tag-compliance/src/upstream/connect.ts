import { type Aws, type AwsOptions, createAws, roleFromTemplate } from '@fairway-mcp/aws';

/** How to reach AWS. What is unset comes from the environment, as for every AWS SDK. */
export interface ConnectionSettings {
  /** Region for calls that belong to none. */
  region?: string;
  profile?: string;
  /** Address of all services instead of AWS's own. */
  endpoint?: string;
  /** Accounts to scan, 12 digits each; none means the account of the credentials. */
  accounts: readonly string[];
  /** The role to assume in accounts other than that of the credentials: `arn:aws:iam::{account}:role/NAME`. */
  roleArn?: string;
  externalId?: string;
  /** Attempts at one call to AWS, the first included. */
  attempts?: number;
  /** Time limit of one attempt, in seconds. */
  requestTimeoutSeconds?: number;
}

const SESSION_NAME = 'fairway-tag-compliance';

/** AWS clients by these settings. Makes no call yet. */
export function connectToAws(settings: ConnectionSettings, log: NonNullable<AwsOptions['log']>): Aws {
  const { region, profile, endpoint, accounts, roleArn, externalId, attempts, requestTimeoutSeconds } = settings;
  return createAws({
    sessionName: SESSION_NAME,
    log,
    roles: roleArn === undefined ? [] : accounts.map((account) => roleFromTemplate(roleArn, account, externalId)),
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpoint !== undefined && { endpoint }),
    ...(attempts !== undefined && { attempts }),
    ...(requestTimeoutSeconds !== undefined && { limits: { requestTimeoutMs: Math.round(requestTimeoutSeconds * 1000) } }),
  });
}
