import { randomBytes } from 'node:crypto';
import { type Launch, type Message, StdioPeer } from '@fairway-mcp/testing';
import { call } from './programs.ts';

/** A call that was sent to a victim, and what came of it before the victim died. */
export interface Sent {
  traceId: string;
  arguments: Record<string, unknown>;
  answer: Message | undefined;
}

/** A server over stdio that is going to be killed. */
export class Victim {
  readonly peer: StdioPeer;
  readonly sent: Sent[] = [];

  private constructor(peer: StdioPeer) {
    this.peer = peer;
  }

  static async start(launch: Launch): Promise<Victim> {
    const peer = new StdioPeer(launch);
    await peer.initialize();
    return new Victim(peer);
  }

  /** Sends a call under a trace id of its own. Resolves when it is answered, and never when it is not. */
  async ask(name: string, args: Record<string, unknown>): Promise<Message> {
    const sent: Sent = { traceId: randomBytes(16).toString('hex'), arguments: args, answer: undefined };
    this.sent.push(sent);
    const _meta = { traceparent: `00-${sent.traceId}-00f067aa0ba902b7-01` };
    sent.answer = await this.peer.request('tools/call', { ...call(name, args), _meta });
    return sent.answer;
  }

  /** kill -9. Resolves when the process is gone and everything that it wrote has been read. */
  async kill(): Promise<void> {
    this.peer.server.child.kill('SIGKILL');
    await this.peer.server.exited;
  }

  get answered(): Sent[] {
    return this.sent.filter(({ answer }) => answer !== undefined);
  }

  get unanswered(): Sent[] {
    return this.sent.filter(({ answer }) => answer === undefined);
  }
}
