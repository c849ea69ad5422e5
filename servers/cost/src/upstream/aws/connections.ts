import { type Aws, type AwsOptions, createAws, roleFromTemplate } from '@fairway-mcp/aws';

/** How to reach the accounts whose bills are asked. What is unset comes from the environment, as for every AWS SDK. */
export interface ConnectionSettings {
  region?: string;
  /** One account each. None: the profile of the environment. */
  profiles: readonly string[];
  /** Accounts that are entered by the role, 12 digits each. */
  accounts: readonly string[];
  /** `arn:aws:iam::{account}:role/NAME` */
  roleArn?: string;
  externalId?: string;
  /** Replaces the defaults of the AWS clients. For tests. */
  client?: Pick<AwsOptions, 'attempts' | 'limits' | 'rates'>;
}

/** One account, and the credentials with which it is asked. */
export interface Connection {
  /** For users: `profile production`, `account 111122223333`. */
  title: string;
  aws: Aws;
  /** Set when its role is assumed. */
  account?: string;
}

const SESSION_NAME = 'fairway-cost';

/** A connection for each profile, or each account with a role, or one for the credentials of the environment. Makes no call yet. */
export function connectToAccounts(settings: ConnectionSettings, log: NonNullable<AwsOptions['log']>): Connection[] {
  const { region, profiles, accounts, roleArn, externalId, client } = settings;
  const common = { sessionName: SESSION_NAME, log, ...client, ...(region !== undefined && { region }) };
  const [profile] = profiles;
  if (roleArn !== undefined && accounts.length > 0) {
    const roles = accounts.map((account) => roleFromTemplate(roleArn, account, externalId));
    const aws = createAws({ ...common, roles, ...(profile !== undefined && { profile }) });
    return accounts.map((account) => ({ title: `account ${account}`, aws, account }));
  }
  if (profiles.length === 0) return [{ title: 'the configured AWS account', aws: createAws(common) }];
  return profiles.map((name) => ({ title: `profile ${name}`, aws: createAws({ ...common, profile: name }) }));
}
