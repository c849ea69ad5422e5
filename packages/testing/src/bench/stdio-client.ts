import type { ChildProcess } from 'node:child_process';

interface Message {
  id?: number;
  method?: string;
  result?: unknown;
  error?: { message: string };
}

/** A client of protocol version 2025-11-25 on a program's pipe, without a client library whose time would be measured too. */
export class StdioClient {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #rest = '';
  #nextId = 1;
  /** How many progress notifications came. */
  progress = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => this.#read(chunk));
    child.on('exit', (code) => {
      for (const { reject } of this.#pending.values()) reject(new Error(`The server exited with code ${code}.`));
    });
  }

  async initialize(): Promise<void> {
    const clientInfo = { name: 'bench', version: '0.0.0' };
    await this.request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
    this.#write({ jsonrpc: '2.0', method: 'notifications/initialized' });
  }

  request(method: string, params: object = {}): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#write({ jsonrpc: '2.0', id, method, params });
    });
  }

  #write(message: object): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  #read(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{')) this.#receive(JSON.parse(line) as Message);
  }

  #receive({ id, method, result, error }: Message): void {
    if (method === 'notifications/progress') this.progress += 1;
    if (id === undefined || method !== undefined) return;
    const request = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) request?.resolve(result);
    else request?.reject(new Error(error.message));
  }
}
