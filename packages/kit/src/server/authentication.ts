import {
  type Authenticator,
  type AuthResult,
  apiKeyVerifier,
  createAuthenticator,
  localUser,
  staticBearerVerifier,
} from '@fairway-mcp/auth';
import { createApiKeyTable, type Database } from '@fairway-mcp/store';
import type { KitSettings } from '../config/kit-settings.ts';

/** Decides who sends a request. */
export interface Authentication extends Authenticator {
  /** Whether callers need a credential; without, they are the local user. Once they do, they always will. */
  readonly isRequired: boolean;
}

/** Accepts holders of API keys and of the shared token. Without either, everyone is the local user until a key exists. */
export async function createAuthentication({ bearerToken, bearerScopes }: KitSettings, store: Database): Promise<Authentication> {
  const keys = await createApiKeyTable(store);
  const tokens = bearerToken === undefined ? [] : [staticBearerVerifier(bearerToken, bearerScopes)];
  const authenticator = createAuthenticator([apiKeyVerifier(keys), ...tokens]);
  const hasKeys = async () => (await keys.list()).length > 0;
  if (bearerToken !== undefined || (await hasKeys())) return { ...authenticator, isRequired: true };
  return new OpenUntilFirstKey(authenticator, hasKeys);
}

/** How long it may take to notice the first key. */
const KEY_CHECK_MS = 1_000;
const LOCAL_USER: AuthResult = { principal: localUser };

class OpenUntilFirstKey implements Authentication {
  readonly #authenticator: Authenticator;
  readonly #hasKeys: () => Promise<boolean>;
  #isRequired = false;
  /** By the monotonic clock. */
  #checkedAt = performance.now();
  #checking: Promise<void> | undefined;

  constructor(authenticator: Authenticator, hasKeys: () => Promise<boolean>) {
    this.#authenticator = authenticator;
    this.#hasKeys = hasKeys;
  }

  get isRequired(): boolean {
    return this.#isRequired;
  }

  authenticate(authorization: string | undefined): AuthResult | Promise<AuthResult> {
    if (this.#isRequired) return this.#authenticator.authenticate(authorization);
    return performance.now() - this.#checkedAt < KEY_CHECK_MS ? LOCAL_USER : this.verifyAgain(authorization);
  }

  /** Rejects when it cannot be told whether there are keys: then nobody is let in. */
  async verifyAgain(authorization: string | undefined): Promise<AuthResult> {
    if (!this.#isRequired) {
      this.#checking ??= this.#check().finally(() => {
        this.#checking = undefined;
      });
      await this.#checking;
    }
    return this.#isRequired ? this.#authenticator.verifyAgain(authorization) : LOCAL_USER;
  }

  wasAccepted(authorization: string | undefined): boolean {
    return this.#authenticator.wasAccepted(authorization);
  }

  async #check(): Promise<void> {
    this.#isRequired = await this.#hasKeys();
    this.#checkedAt = performance.now();
  }
}
