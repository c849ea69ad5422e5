import { setTimeout as delay } from 'node:timers/promises';
import { type Organization, sampleOrganizationsTagPolicy } from '@fairway-mcp/aws-sample';
import { type CommonErrors, commonError, denial } from './common-errors.ts';
import { type Caller, type CredentialProblem, Credentials } from './credentials.ts';
import { type CallAddress, type Fault, type FaultKind, Faults } from './faults.ts';
import { ObjectStore } from './objects.ts';
import type { AwsEmulatorOptions } from './options.ts';
import { BadToken, Pager } from './paging.ts';
import { renderError, resolveOperation } from './protocols/index.ts';
import { isEnabled, listRegions, type Region } from './regions.ts';
import type { Call, ResolvedOperation, Service, ServiceSettings } from './service.ts';
import { Registry, type UnknownService } from './services/index.ts';
import { State } from './state.ts';
import { readScope, type Scope } from './wire/authorization.ts';
import { ServiceError } from './wire/errors.ts';
import type { HttpAnswer, HttpRequest } from './wire/http.ts';
import type { Delivery } from './wire/send.ts';

/** A call that was received. */
export interface RecordedRequest extends CallAddress {
  /** Milliseconds since the epoch. */
  at: number;
  accessKeyId: string;
  /** The fault that hit it. */
  fault: FaultKind | undefined;
  /** HTTP status of the answer; `undefined` while there is none. */
  status: number | undefined;
  /** The operation was carried out, whatever became of the answer: a write has taken effect, a page of Cost Explorer is charged. */
  isDone: boolean;
}

export interface Outcome {
  answer: HttpAnswer;
  delivery: Delivery;
  /** Text of the fault that hit the call. */
  faultMessage: string | undefined;
}

/** A call whose caller and operation are known. */
interface ResolvedCall {
  service: Service;
  scope: Scope;
  operation: ResolvedOperation;
  caller: Caller;
  credentialProblem: CredentialProblem | undefined;
  fault: Fault | undefined;
  record: RecordedRequest;
}

const DEFAULT_DELAY_MS = 1000;
const DEFAULT_TRANSITION_READS = 1;

/** Answers requests: finds out the caller and the operation, applies faults, runs the operation and renders the answer. */
export class Dispatcher {
  readonly requests: RecordedRequest[] = [];
  readonly faults: Faults;
  readonly state: State;
  readonly objects: ObjectStore;
  readonly #registry: Registry;
  readonly #credentials: Credentials;
  readonly #pager: Pager;
  readonly #regions: readonly Region[];
  readonly #now: () => number;
  readonly #settings: ServiceSettings;

  constructor(organization: Organization, options: AwsEmulatorOptions) {
    const { now = Date.now, seed = organization.seed, tagPolicy = sampleOrganizationsTagPolicy } = options;
    this.#registry = new Registry(options.services ?? []);
    this.state = new State(organization, options.transitionReads ?? DEFAULT_TRANSITION_READS);
    this.#now = now;
    this.objects = new ObjectStore(now);
    this.faults = new Faults(seed);
    this.#credentials = new Credentials(this.state, options.accessKeys ?? {}, now);
    this.#pager = new Pager(options.paging ?? {}, seed, now);
    this.#regions = listRegions([...organization.regions, ...(options.optedInRegions ?? [])]);
    this.#settings = {
      externalId: options.externalId,
      assumableRoles: options.assumableRoles,
      resourceLevelCosts: options.resourceLevelCosts ?? true,
      bill: options.bill,
      bucketRegions: options.bucketRegions ?? true,
      tagPolicy: tagPolicy ?? undefined,
    };
  }

  /** Undoes every write, and removes faults and recorded requests. Sessions of assumed roles stay valid. */
  reset(): void {
    this.state.reset();
    this.faults.clear();
    this.requests.length = 0;
  }

  /** @param closing ends the waiting of slow answers. */
  async handle(request: HttpRequest, requestId: string, closing: AbortSignal): Promise<Outcome> {
    const scope = readScope(request);
    const service = this.#registry.find(typeof scope === 'string' ? undefined : scope.service, request);
    if ('isUnknown' in service) return { answer: unknownService(service, requestId), delivery: 'whole', faultMessage: undefined };
    let call: ResolvedCall | undefined;
    let answer: HttpAnswer;
    try {
      call = this.#resolve(service, requireSignature(scope, service.errors), request);
      if (call.fault?.kind === 'slow') await delay(call.fault.delayMs ?? DEFAULT_DELAY_MS, undefined, { signal: closing });
      answer = this.#answer(call, request, requestId);
    } catch (error) {
      answer = renderError(service, toServiceError(error, service.errors), requestId, request);
    }
    const delivery = deliveryOf(call?.fault);
    if (call !== undefined && delivery !== 'hang' && delivery !== 'closed') call.record.status = answer.status;
    return { answer, delivery, faultMessage: call?.fault?.message };
  }

  /** Finds out the caller and the operation, and records the call. */
  #resolve(service: Service, scope: Scope, request: HttpRequest): ResolvedCall {
    const operation = resolveOperation(service, request);
    const { caller, problem } = this.#credentials.identify(scope);
    const address: CallAddress = { service: service.name, operation: operation.name, region: scope.region, account: caller.account };
    const fault = this.faults.hit(address);
    const record: RecordedRequest = {
      ...address,
      at: this.#now(),
      accessKeyId: scope.accessKeyId,
      fault: fault?.kind,
      status: undefined,
      isDone: false,
    };
    this.requests.push(record);
    return { service, scope, operation, caller, credentialProblem: problem, fault, record };
  }

  /** @throws ServiceError for what is rejected before, and by, the operation. */
  #answer(
    { service, scope, operation, caller, credentialProblem, fault, record }: ResolvedCall,
    request: HttpRequest,
    requestId: string,
  ): HttpAnswer {
    if (credentialProblem !== undefined) throw commonError(service.errors, credentialProblem);
    this.#checkRegion(service, scope.region);
    if (fault !== undefined) throwFault(fault, service.errors, caller, operation);
    const answer = operation.run(this.#call(scope, caller, request), requestId);
    record.isDone = true;
    return answer;
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
      state: this.state,
      pager: this.#pager,
      credentials: this.#credentials,
      faults: this.faults,
      objects: this.objects,
      regions: this.#regions,
      now: this.#now(),
      origin: `http://${request.headers.host ?? '127.0.0.1'}`,
      settings: this.#settings,
    };
  }
}

/** @throws ServiceError when the request is not signed in SigV4's form. */
function requireSignature(scope: Scope | 'missing' | 'malformed', errors: CommonErrors): Scope {
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

/** @throws ServiceError when the fault keeps the operation from running. */
function throwFault({ kind, message }: Fault, errors: CommonErrors, caller: Caller, { action }: ResolvedOperation): void {
  if (kind === 'lost_request') throw commonError(errors, 'internal', 'The request was lost before it had an effect.');
  const name = ERROR_OF_FAULT[kind];
  const error = kind === 'access_denied' ? denial(errors, caller.arn, action) : name && commonError(errors, name);
  if (error === undefined) return;
  if (message !== undefined) error.message += ` ${message}`;
  throw error;
}

function deliveryOf(fault: Fault | undefined): Delivery {
  switch (fault?.kind) {
    case 'hang':
    case 'disconnect':
    case 'truncated':
    case 'garbage':
      return fault.kind;
    case 'lost_request':
    case 'lost_answer':
      return 'closed';
    default:
      return 'whole';
  }
}

/** A defect of the emulator is reported to the client, where a test's author sees it. */
function toServiceError(error: unknown, errors: CommonErrors): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof BadToken) return commonError(errors, error.reason === 'expired' ? 'expiredPageToken' : 'badToken');
  return commonError(errors, 'internal', `The emulator failed: ${error instanceof Error ? error.message : String(error)}`);
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
