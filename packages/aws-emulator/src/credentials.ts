import { randomBytes } from 'node:crypto';
import type { IamPrincipal } from '@fairway-mcp/aws-sample';
import type { State } from './state.ts';
import type { Scope } from './wire/authorization.ts';

/** The caller of a request, as STS names it. */
export interface Caller {
  account: string;
  /** `arn:aws:iam::…:user/…` or `arn:aws:sts::…:assumed-role/…/…`. */
  arn: string;
  /** `AIDA…`, or `AROA…:session`. */
  userId: string;
  /** The user's name; `undefined` for an assumed role. */
  userName: string | undefined;
}

/** Temporary credentials as `AssumeRole` hands them out. */
export interface Session {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  caller: Caller;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** Why credentials are rejected, as `CommonErrors` names it. */
export type CredentialProblem = 'invalidCredentials' | 'expiredCredentials';

/** Whose each access key is. Unknown keys belong to a user of the management account; keys of sessions to the account of their role. */
export class Credentials {
  readonly #state: State;
  readonly #accessKeys: Readonly<Record<string, string>>;
  readonly #sessions = new Map<string, Session>();
  readonly #now: () => number;

  /** @param accessKeys account ids by access key id, for keys that are not the management account's. */
  constructor(state: State, accessKeys: Readonly<Record<string, string>>, now: () => number) {
    this.#state = state;
    this.#accessKeys = accessKeys;
    this.#now = now;
  }

  /** Whose signature it is, and why it is rejected, if it is. */
  identify({ accessKeyId, sessionToken }: Scope): { caller: Caller; problem: CredentialProblem | undefined } {
    const session = this.#sessions.get(accessKeyId);
    if (session === undefined)
      return { caller: this.#user(this.#accessKeys[accessKeyId] ?? this.#state.management.id), problem: undefined };
    return { caller: session.caller, problem: this.#check(session, sessionToken) };
  }

  open({ account, role, sessionName, seconds }: { account: string; role: string; sessionName: string; seconds: number }): Session {
    const principal = this.#state.principal(`arn:aws:iam::${account}:role/${role}`);
    const roleId = principal?.id ?? `AROA${roleIdDigits(`${account}/${role}`)}`;
    const session: Session = {
      accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(180).toString('base64'),
      caller: {
        account,
        arn: `arn:aws:sts::${account}:assumed-role/${role.slice(role.lastIndexOf('/') + 1)}/${sessionName}`,
        userId: `${roleId}:${sessionName}`,
        userName: undefined,
      },
      expiresAt: this.#now() + seconds * 1000,
    };
    this.#sessions.set(session.accessKeyId, session);
    return session;
  }

  #check(session: Session, token: string | undefined): CredentialProblem | undefined {
    if (session.sessionToken !== token) return 'invalidCredentials';
    return session.expiresAt <= this.#now() ? 'expiredCredentials' : undefined;
  }

  #user(account: string): Caller {
    const isUser = (principal: IamPrincipal) => principal.kind === 'user' && principal.account === account;
    const user = this.#state.organization.principals.find(isUser);
    if (user === undefined) return { account, arn: `arn:aws:iam::${account}:root`, userId: account, userName: undefined };
    return { account, arn: user.arn, userId: user.id, userName: user.name };
  }
}

/** The same role has the same id every time. */
function roleIdDigits(text: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let digits = '';
  let state = 7;
  for (let index = 0; digits.length < 17; index += 1) {
    state = (state * 31 + text.charCodeAt(index % text.length) + index) % 1_000_003;
    digits += letters.charAt(state % letters.length);
  }
  return digits;
}
