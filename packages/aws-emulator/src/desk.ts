import { setTimeout as delay } from 'node:timers/promises';
import { type Organization, sampleOrganizationsTagPolicy } from '@fairway-mcp/aws-sample';
import { type CommonErrors, commonError, denial } from './common-errors.ts';
import { type Caller, Credentials, type Refusal } from './credentials.ts';
import { type CallAddress, type Fault, type FaultKind, Faults } from './faults.ts';
import type { AwsEmulatorOptions } from './options.ts';
import { OrganizationIndex } from './organization-index.ts';
import { BadToken, Pager } from './paging.ts';
import { renderError, resolveOperation } from './protocols/index.ts';
import { isEnabled, listRegions, type Region } from './regions.ts';
import type { Call, Resolved, Service, ServiceSettings } from './service.ts';
import { findService, type UnknownService } from './services/index.ts';
import { readScope, type Scope } from './wire/authorization.ts';
import { ServiceError } from './wire/errors.ts';
import type { HttpAnswer, HttpRequest } from './wire/http.ts';
import type { Delivery } from './wire/send.ts';

/** A call as it came in. */
export interface RecordedRequest extends CallAddress {
  /** Milliseconds since the epoch. */
  at: number;
  accessKeyId: string;
  /** The fault that hit it. */
  fault: FaultKind | undefined;
  /** HTTP status of the answer; `undefined` while there is none. */
  status: number | undefined;
}

export interface Outcome {
  answer: HttpAnswer;
  delivery: Delivery;
  /** Text of the fault that hit the call. */
  faultMessage: string | undefined;
}

/** A call whose caller and operation are known. */
interface Visit {
  service: Service;
  scope: Scope;
  resolved: Resolved;
  caller: Caller;
  refusal: Refusal | undefined;
  fault: Fault | undefined;
  record: RecordedRequest;
}

const DEFAULT_DELAY_MS = 1000;

/** Takes requests and has them answered: whose it is, what it wants, what goes wrong, and the answer. */
export class Desk {
  readonly requests: RecordedRequest[] = [];
  readonly faults: Faults;
  readonly #index: OrganizationIndex;
  readonly #credentials: Credentials;
  readonly #pager: Pager;
  readonly #regions: readonly Region[];
  readonly #now: () => number;
  readonly #settings: ServiceSettings;

  constructor(organization: Organization, options: AwsEmulatorOptions) {
    const { now = Date.now, seed = organization.seed, tagPolicy = sampleOrganizationsTagPolicy } = options;
    this.#index = new OrganizationIndex(organization);
    this.#now = now;
    this.faults = new Faults(seed);
    this.#credentials = new Credentials(this.#index, options.accessKeys ?? {}, now);
    this.#pager = new Pager(options.paging ?? {}, seed, now);
    this.#regions = listRegions([...organization.regions, ...(options.optedInRegions ?? [])]);
    this.#settings = {
      externalId: options.externalId,
      assumableRoles: options.assumableRoles,
      resourceLevelCosts: options.resourceLevelCosts ?? true,
      bucketRegions: options.bucketRegions ?? true,
      tagPolicy: tagPolicy ?? undefined,
    };
  }

  /** @param closing ends the waiting of slow answers. */
  async handle(request: HttpRequest, requestId: string, closing: AbortSignal): Promise<Outcome> {
    const scope = readScope(request);
    const service = findService(typeof scope === 'string' ? undefined : scope.service, request);
    if ('isUnknown' in service) return { answer: unknownService(service, requestId), delivery: 'whole', faultMessage: undefined };
    let visit: Visit | undefined;
    let answer: HttpAnswer;
    try {
      visit = this.#enter(service, signed(scope, service.errors), request);
      if (visit.fault?.kind === 'slow') await delay(visit.fault.delayMs ?? DEFAULT_DELAY_MS, undefined, { signal: closing });
      answer = this.#answer(visit, request, requestId);
    } catch (error) {
      answer = renderError(service, understand(error, service.errors), requestId, request);
    }
    const delivery = deliveryOf(visit?.fault);
    if (visit !== undefined && delivery !== 'hang') visit.record.status = answer.status;
    return { answer, delivery, faultMessage: visit?.fault?.message };
  }

  /** Finds out whose call it is and what it wants, and writes it down. */
  #enter(service: Service, scope: Scope, request: HttpRequest): Visit {
    const resolved = resolveOperation(service, request);
    const identity = this.#credentials.identify(scope);
    const address: CallAddress = {
      service: service.name,
      operation: resolved.operation,
      region: scope.region,
      account: identity.caller.account,
    };
    const fault = this.faults.hit(address);
    const record: RecordedRequest = { ...address, at: this.#now(), accessKeyId: scope.accessKeyId, fault: fault?.kind, status: undefined };
    this.requests.push(record);
    return { service, scope, resolved, ...identity, fault, record };
  }

  /** @throws ServiceError for what is refused before, and by, the operation. */
  #answer({ service, scope, resolved, caller, refusal, fault }: Visit, request: HttpRequest, requestId: string): HttpAnswer {
    if (refusal !== undefined) throw commonError(service.errors, refusal);
    this.#checkRegion(service, scope.region);
    if (fault !== undefined) throwOrdered(fault, service.errors, caller, resolved);
    return resolved.run(this.#call(scope, caller, request), requestId);
  }

  #checkRegion({ errors }: Service, name: string): void {
    const region = this.#regions.find((candidate) => candidate.name === name);
    if (region === undefined || !isEnabled(region)) throw commonError(errors, 'regionDisabled');
  }

  #call(scope: Scope, caller: Caller, request: HttpRequest): Call {
    return {
      account: caller.account,
      region: scope.region,
      caller,
      index: this.#index,
      pager: this.#pager,
      credentials: this.#credentials,
      regions: this.#regions,
      now: this.#now(),
      origin: `http://${request.headers.host ?? '127.0.0.1'}`,
      settings: this.#settings,
    };
  }
}

/** @throws ServiceError when the request is not signed in SigV4's form. */
function signed(scope: Scope | 'missing' | 'malformed', errors: CommonErrors): Scope {
  if (scope === 'missing') throw commonError(errors, 'unsigned');
  if (scope === 'malformed') throw commonError(errors, 'malformedSignature');
  return scope;
}

const ERROR_OF_FAULT: Partial<Record<FaultKind, keyof CommonErrors>> = {
  throttled: 'throttled',
  expired_credentials: 'expiredCredentials',
  region_disabled: 'regionDisabled',
  opt_in_required: 'optInRequired',
  internal_error: 'internal',
  unavailable: 'unavailable',
};

/** @throws ServiceError when the fault is an error that the service answers with. */
function throwOrdered({ kind, message }: Fault, errors: CommonErrors, caller: Caller, { action }: Resolved): void {
  const error = kind === 'access_denied' ? denial(errors, caller.arn, action) : orderedError(errors, ERROR_OF_FAULT[kind]);
  if (error === undefined) return;
  if (message !== undefined) error.message += ` ${message}`;
  throw error;
}

function orderedError(errors: CommonErrors, kind: keyof CommonErrors | undefined): ServiceError | undefined {
  return kind === undefined ? undefined : commonError(errors, kind);
}

function deliveryOf(fault: Fault | undefined): Delivery {
  switch (fault?.kind) {
    case 'hang':
    case 'disconnect':
    case 'truncated':
    case 'garbage':
      return fault.kind;
    default:
      return 'whole';
  }
}

/** A defect of this stand-in is said to the client, where a test's author sees it. */
function understand(error: unknown, errors: CommonErrors): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof BadToken) return commonError(errors, error.reason === 'expired' ? 'expiredPageToken' : 'badToken');
  return commonError(errors, 'internal', `The stand-in failed: ${error instanceof Error ? error.message : String(error)}`);
}

function unknownService({ name }: UnknownService, requestId: string): HttpAnswer {
  const body = JSON.stringify({ __type: 'UnknownOperationException', message: `There is no service ${name} at this endpoint.` });
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': requestId,
    'x-amzn-errortype': 'UnknownOperationException',
  };
  return { status: 404, headers, body };
}
