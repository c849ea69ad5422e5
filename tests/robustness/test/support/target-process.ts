import { randomBytes } from 'node:crypto';
import { type Launch, type Message, openPeer, type StdioPeer } from '@fairway-mcp/testing';
import { call } from './programs.ts';

/** A call that was sent to a process, and its answer if one arrived before the process was killed. */
export interface SentCall {
  traceId: string;
  arguments: Record<string, unknown>;
  answer: Message | undefined;
}

/** A server over stdio that the test is going to kill. */
export class TargetProcess {
  readonly peer: StdioPeer;
  readonly sent: SentCall[] = [];

  private constructor(peer: StdioPeer) {
    this.peer = peer;
  }

  static async start(launch: Launch): Promise<TargetProcess> {
    return new TargetProcess(await openPeer(launch));
  }

  /** Sends a call under a trace id of its own. Never resolves when the process is killed before it answers. */
  async callTool(name: string, args: Record<string, unknown>): Promise<Message> {
    const sent: SentCall = { traceId: randomBytes(16).toString('hex'), arguments: args, answer: undefined };
    this.sent.push(sent);
    const _meta = { traceparent: `00-${sent.traceId}-00f067aa0ba902b7-01` };
    sent.answer = await this.peer.request('tools/call', { ...call(name, args), _meta });
    return sent.answer;
  }

  /** kill -9. Resolves when the process has ended and all of its output has been read. */
  async kill(): Promise<void> {
    this.peer.server.child.kill('SIGKILL');
    await this.peer.server.exited;
  }

  get answered(): SentCall[] {
    return this.sent.filter(({ answer }) => answer !== undefined);
  }

  get unanswered(): SentCall[] {
    return this.sent.filter(({ answer }) => answer === undefined);
  }
}
