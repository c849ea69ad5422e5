import http, { type Agent, type OutgoingHttpHeaders } from 'node:http';
import { type Json, MODERN } from '../support/http.ts';

export interface Profile {
  number: number;
  era: 'modern' | 'legacy';
  /** Id of the principal that its key belongs to. */
  principal: string;
  key: string;
  canAsk: boolean;
  knowsTasks: boolean;
}

/** A request in flight. */
export interface Flight {
  id: number;
  status: number | undefined;
  headers: http.IncomingHttpHeaders;
  /** The messages so far; the answer is the last one. */
  messages: Json[];
  /** Resolves when the response has ended, for whatever reason. */
  over: Promise<void>;
  /** Disconnects the client. */
  abandon(): void;
}

const LEGACY = '2025-11-25';

/** One client over HTTP: its requests, its session, and every message that it received. */
export class IsolatedClient {
  readonly profile: Profile;
  readonly #url: string;
  readonly #agent: Agent;
  /** All clients count from the same number, so that their ids collide. */
  #next = 1;
  session: string | undefined;
  /** Messages received on the session's own stream. */
  readonly unsolicited: Json[] = [];

  constructor(profile: Profile, url: string, agent: Agent) {
    this.profile = profile;
    this.#url = url;
    this.#agent = agent;
  }

  get capabilities(): object {
    const { canAsk, knowsTasks } = this.profile;
    return {
      ...(canAsk && { elicitation: { form: {} } }),
      ...(knowsTasks && { extensions: { 'io.modelcontextprotocol/tasks': {} } }),
    };
  }

  /** Opens a session, and its stream, where the era has them. */
  async connect(): Promise<void> {
    if (this.profile.era === 'modern') return;
    const params = { protocolVersion: LEGACY, capabilities: this.capabilities, clientInfo: { name: 'isolated', version: '1' } };
    const opening = this.#send('POST', { jsonrpc: '2.0', id: 0, method: 'initialize', params }, {});
    await opening.over;
    this.session = String(opening.headers['mcp-session-id']);
    await this.post({ jsonrpc: '2.0', method: 'notifications/initialized' }).over;
    this.#send('GET', undefined, this.#sessionHeaders(), (message) => this.unsolicited.push(message));
  }

  /** Sends a request. @param onMessage called for every message at once, including the answer */
  request(method: string, params: Record<string, unknown>, onMessage?: (message: Json, flight: Flight) => void): Flight {
    const id = this.#next++;
    if (this.profile.era === 'legacy') return this.post({ jsonrpc: '2.0', id, method, params }, onMessage);
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': MODERN,
      'io.modelcontextprotocol/clientCapabilities': this.capabilities,
      ...(params._meta as object | undefined),
    };
    const name = params.name ?? params.uri ?? params.taskId;
    const headers = { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': method, ...(typeof name === 'string' && { 'Mcp-Name': name }) };
    return this.#send('POST', { jsonrpc: '2.0', id, method, params: { ...params, _meta } }, headers, onMessage);
  }

  /** Sends a body unchanged, in its own or in the given session. */
  post(body: object, onMessage?: (message: Json, flight: Flight) => void, session = this.session): Flight {
    return this.#send('POST', body, this.#sessionHeaders(session), onMessage);
  }

  /** The id that the next request will have. */
  get nextId(): number {
    return this.#next;
  }

  /** Requests a path next to `/mcp`. */
  get(path: string): Promise<Response> {
    return fetch(this.#url.replace('/mcp', path), { headers: this.#credentials() });
  }

  #credentials(): Record<string, string> {
    return { Authorization: `Bearer ${this.profile.key}` };
  }

  #sessionHeaders(session = this.session): OutgoingHttpHeaders {
    return { 'MCP-Protocol-Version': LEGACY, ...(session !== undefined && { 'Mcp-Session-Id': session }) };
  }

  #send(
    method: string,
    body: object | undefined,
    headers: OutgoingHttpHeaders,
    onMessage: (message: Json, flight: Flight) => void = () => undefined,
  ): Flight {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const all = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...this.#credentials(), ...headers };
    const request = http.request(this.#url, { method, agent: this.#agent, headers: all }, (response) => {
      flight.status = response.statusCode;
      flight.headers = response.headers;
      const take = (message: Json) => {
        flight.messages.push(message);
        onMessage(message, flight);
      };
      const isStream = response.headers['content-type'] === 'text/event-stream';
      let rest = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        rest += text;
        if (!isStream) return;
        const frames = rest.split('\n\n');
        rest = frames.pop() ?? '';
        for (const frame of frames) for (const line of frame.split('\n')) if (line.startsWith('data: ')) take(JSON.parse(line.slice(6)));
      });
      response.on('end', () => {
        if (!isStream && rest !== '') for (const message of [JSON.parse(rest)].flat()) take(message);
      });
      response.on('error', () => undefined);
      response.on('close', () => resolve());
    });
    const { id = -1 } = (body ?? {}) as { id?: number };
    const flight: Flight = { id, status: undefined, headers: {}, messages: [], over, abandon: () => request.destroy() };
    request.on('error', () => resolve());
    request.end(body === undefined ? undefined : JSON.stringify(body));
    return flight;
  }
}
