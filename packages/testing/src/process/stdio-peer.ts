import { type Launch, ServerProcess } from './server-process.ts';

export interface Message {
  id?: string | number | null;
  method?: string;
  params?: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: what a server answers is for the test to look at.
  result?: any;
  error?: { code: number; message: string; data?: unknown };
}

/** The other end of a server's pipe, line by line: what a client library would hide can be sent and seen. */
export class StdioPeer {
  readonly server: ServerProcess;
  readonly #waiting: { wanted: (message: Message) => boolean; resolve: (message: Message) => void }[] = [];
  #rest = '';
  #next = 1;
  /** Everything that came on stdout, in order. */
  readonly messages: Message[] = [];

  constructor(launch: Launch) {
    this.server = new ServerProcess(launch);
    this.server.child.stdout.on('data', (chunk: Buffer) => this.#read(chunk.toString()));
  }

  /** Sends a line as it is. */
  write(line: string): void {
    this.server.child.stdin.write(`${line}\n`);
  }

  notify(method: string, params: object = {}): void {
    this.write(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  /** Sends a request and gives back the message that answers it. */
  request(method: string, params: object = {}, id: string | number = this.#next++): Promise<Message> {
    const answer = this.until((message) => message.id === id && message.method === undefined);
    this.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return answer;
  }

  /** The first message that fits, of those that have come and those that will. */
  until(wanted: (message: Message) => boolean): Promise<Message> {
    const present = this.messages.find(wanted);
    return present === undefined ? new Promise((resolve) => this.#waiting.push({ wanted, resolve })) : Promise.resolve(present);
  }

  /** The handshake of the 2025 protocol. */
  async initialize(capabilities: object = {}): Promise<Message> {
    const answer = await this.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities,
      clientInfo: { name: 'test', version: '1' },
    });
    this.notify('notifications/initialized');
    return answer;
  }

  /** Closes the server's stdin, as a host does that is done. */
  end(): void {
    this.server.child.stdin.end();
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(JSON.parse(line) as Message);
  }

  #take(message: Message): void {
    this.messages.push(message);
    const index = this.#waiting.findIndex(({ wanted }) => wanted(message));
    if (index !== -1) this.#waiting.splice(index, 1)[0]?.resolve(message);
  }
}
