import { hasScope, type Principal } from '@fairway-mcp/auth';
import { ResourceNotFoundError } from '@modelcontextprotocol/server';
import type { Caller } from '../protocol/caller.ts';
import { ToolError } from '../protocol/errors.ts';
import type { CallContext } from './context.ts';
import { readRequest } from './read-request.ts';
import { type Deliver, MAX_SUBSCRIPTIONS_EACH, type ResourceChanges, Subscriber, tooMany } from './resource-changes.ts';
import { findResource, type ReadOptions, type ResourceMatch } from './resources.ts';
import { requestOfUnknown } from './unknown-name.ts';

/** What a stream of the 2026 protocol wants to be notified of. */
export interface Interest {
  uris: readonly string[];
  /** Whether changes of the list are wanted. */
  list: boolean;
}

/** Subscribes clients to changes of resources that they may read. Whether they may is checked when they subscribe. */
export interface Subscriptions {
  /** A session or connection of the 2025 protocol. It is notified of changes of the list without having subscribed. */
  openSession(principal: Principal, deliver: Deliver): Subscriber;
  /** @throws ToolError, ScopeError, ResourceNotFoundError */
  subscribe(subscriber: Subscriber, uri: string, caller: Caller): Promise<void>;
  openStream(principal: Principal, deliver: Deliver): Subscriber;
  /**
   * Subscribes to what a stream wants, as far as the caller may read it.
   * @returns the URIs that it is subscribed to
   * @throws ToolError, ScopeError
   */
  subscribeAll(subscriber: Subscriber, interest: Interest, caller: Caller): Promise<string[]>;
}

export function createSubscriptions(changes: ResourceChanges, options: ReadOptions): Subscriptions {
  const { readScope } = options.catalog;
  const openStream: Subscriptions['openStream'] = (principal, deliver) => new Subscriber(changes, principal, deliver);
  return {
    openSession(principal, deliver) {
      const subscriber = openStream(principal, deliver);
      if (hasScope(principal.scopes, readScope)) subscriber.followList();
      return subscriber;
    },
    openStream,
    subscribe: createSubscribe(options),
    subscribeAll: createSubscribeAll(options),
  };
}

/** Recorded as `subscribe:NAME`. */
function createSubscribe({ catalog, handle, observe, createContext }: ReadOptions): Subscriptions['subscribe'] {
  const method = 'resources/subscribe';
  return async (subscriber, uri, caller) => {
    const match = findResource(catalog, uri);
    if (match === undefined) {
      return handle(requestOfUnknown(observe, caller, method, uri), () => {
        throw new ResourceNotFoundError(uri);
      });
    }
    const { uri: resource, name, subscribe } = match.resource;
    const observation = observe(caller, { method, resource });
    const request = readRequest(catalog, `subscribe:${name}`, caller, observation);
    await handle(request, async () => {
      if (subscribe !== true) throw notAnnounced();
      if (!(await canRead(match, createContext(caller, observation)))) throw new ResourceNotFoundError(uri);
      subscriber.subscribe(uri);
    });
  };
}

/** Recorded as one `subscriptions/listen`. */
function createSubscribeAll({ catalog, handle, observe, createContext }: ReadOptions): Subscriptions['subscribeAll'] {
  const method = 'subscriptions/listen';
  return (subscriber, { uris, list }, caller) => {
    const observation = observe(caller, { method });
    const request = readRequest(catalog, method, caller, observation);
    return handle(request, async () => {
      const wanted = [...new Set(uris)];
      if (wanted.length > MAX_SUBSCRIPTIONS_EACH) throw tooMany(`${wanted.length} resources are more than ${MAX_SUBSCRIPTIONS_EACH}`);
      const context = createContext(caller, observation);
      const readable: string[] = [];
      for (const uri of wanted) {
        const match = findResource(catalog, uri);
        if (match?.resource.subscribe !== true || !(await canRead(match, context))) continue;
        subscriber.subscribe(uri);
        readable.push(uri);
      }
      if (list) subscriber.followList();
      return readable;
    });
  };
}

async function canRead({ resource, variables }: ResourceMatch, context: CallContext): Promise<boolean> {
  if (resource.canRead !== undefined) return resource.canRead(variables, context);
  try {
    return (await resource.read(variables, context)) !== undefined;
  } catch (error) {
    if (error instanceof ToolError && (error.kind === 'not_found' || error.kind === 'forbidden')) return false;
    throw error;
  }
}

function notAnnounced(): ToolError {
  return new ToolError({
    kind: 'invalid_input',
    message: 'uri: changes of this resource are not announced.',
    remedy: 'Read it again when it is needed.',
  });
}
