import { type Launch, ServerProcess } from './server-process.ts';

export interface Message {
  id?: string | number | null;
  method?: string;
  params?: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: tests check the answers of a server field by field.
  result?: any;
  error?: { code: number; message: string; data?: unknown };
}

/** A client that reads and writes lines of a server's pipe, so that a test can send and see what a client library would hide. */
export class StdioPeer {
  readonly server: ServerProcess;
  readonly #waiting: { isWanted: (message: Message) => boolean; resolve: (message: Message) => void }[] = [];
  #incompleteLine = '';
  #nextId = 1;
  /** The answer to {@link initialize}. */
  initialized: Message | undefined;
  /** Every message from stdout, in order. */
  readonly messages: Message[] = [];

  constructor(launch: Launch) {
    this.server = new ServerProcess(launch);
    this.server.child.stdout.on('data', (text: string) => this.#read(text));
  }

  /** Sends a line as it is. */
  write(line: string): void {
    this.server.child.stdin.write(`${line}\n`);
  }

  notify(method: string, params: object = {}): void {
    this.write(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  /** Sends a request and resolves to its response. */
  request(method: string, params: object = {}, id: string | number = this.#nextId++): Promise<Message> {
    const answer = this.until((message) => message.id === id && message.method === undefined);
    this.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return answer;
  }

  /** The first message that fits, received already or later. */
  until(isWanted: (message: Message) => boolean): Promise<Message> {
    const received = this.messages.find(isWanted);
    return received === undefined ? new Promise((resolve) => this.#waiting.push({ isWanted, resolve })) : Promise.resolve(received);
  }

  /** The handshake of the 2025 protocol. */
  async initialize(capabilities: object = {}): Promise<Message> {
    this.initialized = await this.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities,
      clientInfo: { name: 'test', version: '1' },
    });
    this.notify('notifications/initialized');
    return this.initialized;
  }

  /** Closes the server's stdin, as a host does when it is done. */
  end(): void {
    this.server.child.stdin.end();
  }

  #read(text: string): void {
    const lines = (this.#incompleteLine + text).split('\n');
    this.#incompleteLine = lines.pop() ?? '';
    for (const line of lines) this.#receive(JSON.parse(line) as Message);
  }

  #receive(message: Message): void {
    this.messages.push(message);
    const index = this.#waiting.findIndex(({ isWanted }) => isWanted(message));
    if (index !== -1) this.#waiting.splice(index, 1)[0]?.resolve(message);
  }
}

/** Starts a server over stdio and completes the handshake. */
export async function openPeer(launch: Launch): Promise<StdioPeer> {
  const peer = new StdioPeer(launch);
  await peer.initialize();
  return peer;
}
