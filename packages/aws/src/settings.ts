import type { STSClientConfig } from '@aws-sdk/client-sts';

/** What every client is made with, whichever service it is for. */
export type ClientSettings = Pick<
  STSClientConfig,
  'region' | 'credentials' | 'profile' | 'endpoint' | 'requestHandler' | 'maxAttempts' | 'retryMode' | 'logger'
>;

/** Gives credentials that are valid for some minutes yet. */
export type CredentialSource = () => Promise<Credentials>;

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/** The part of a log that this package writes to. */
export interface AwsLog {
  debug(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}
