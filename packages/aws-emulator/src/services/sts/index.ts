import { QUERY_ERRORS } from '../../common-errors.ts';
import type { Call, QueryService } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import { outOfRange } from '../../wire/json-input.ts';
import type { QueryInput } from '../../wire/query-input.ts';
import type { XmlRecord } from '../../wire/xml.ts';

const DEFAULT_SESSION_SECONDS = 3600;

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/ */
export const sts: QueryService = {
  name: 'sts',
  protocol: 'query',
  version: '2011-06-15',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  errors: QUERY_ERRORS,
  operations: {
    GetCallerIdentity: (_input, { caller }) => ({ Arn: caller.arn, UserId: caller.userId, Account: caller.account }),
    AssumeRole: assumeRole,
  },
};

function assumeRole(input: QueryInput, call: Call): XmlRecord {
  const arn = input.required('RoleArn');
  const sessionName = input.required('RoleSessionName');
  const seconds = input.integer('DurationSeconds') ?? DEFAULT_SESSION_SECONDS;
  const problem = nameProblem(sessionName) ?? outOfRange('durationSeconds', seconds, 900, 43_200);
  if (problem !== undefined) throw new ServiceError('ValidationError', problem);
  const [, account = '', role = ''] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
  if (role === '') throw new ServiceError('ValidationError', `${arn} is invalid`);
  if (!mayAssume(call, account, role, input.text('ExternalId'))) {
    const message = `User: ${call.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`;
    throw new ServiceError('AccessDenied', message, { status: 403 });
  }
  const session = call.credentials.open({ account, role, sessionName, seconds });
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: new Date(session.expiresAt).toISOString().replace(/\.\d+/, ''),
    },
    AssumedRoleUser: { AssumedRoleId: session.caller.userId, Arn: session.caller.arn },
  };
}

function nameProblem(name: string): string | undefined {
  if (/^[\w+=,.@-]{2,64}$/.test(name)) return undefined;
  return `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`;
}

/** STS does not say which condition failed. */
function mayAssume({ state, settings }: Call, account: string, role: string, externalId: string | undefined): boolean {
  const { externalId: wanted, assumableRoles } = settings;
  const name = role.slice(role.lastIndexOf('/') + 1);
  return (
    state.account(account) !== undefined &&
    (assumableRoles === undefined || assumableRoles.includes(name)) &&
    (wanted === undefined || wanted === externalId)
  );
}
