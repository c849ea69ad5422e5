import { fileURLToPath } from 'node:url';
import { CLIENT_KINDS, type ClientKind, connect, type Decision, type Endpoint, startHttp, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';

const main = new URL('./fixture/main.ts', import.meta.url);
const ERROR = 'io.github.fairway-mcp/error';

/** Starts a fixture of its own for each client. */
const transports: Record<string, (args?: readonly string[]) => Promise<Endpoint>> = {
  stdio: async (args = []) => {
    const stateDir = temporaryFolder();
    const program = [fileURLToPath(main), '--state-dir', stateDir, ...args];
    return { command: process.execPath, args: ['--disable-warning=ExperimentalWarning', ...program], env: { HOME: stateDir } };
  },
  HTTP: (args = []) => startHttp({ main, args }),
};

const pairs = Object.keys(transports).flatMap((transport) => CLIENT_KINDS.map((kind): [ClientKind, string] => [kind, transport]));

const CANNOT_ASK = undefined;

/** A client of the fixture whose user gives the given decisions, one per question. */
async function open(kind: ClientKind, transport: string, decisions: readonly Decision[] | undefined, args: readonly string[] = []) {
  const endpoint = await transports[transport]?.(args);
  if (endpoint === undefined) throw new Error(`There is no transport "${transport}".`);
  const asked: string[] = [];
  const decide = (question: string): Decision => {
    const decision = decisions?.[asked.length];
    asked.push(question);
    if (decision === undefined) throw new Error(`Nobody expected to be asked: ${question}`);
    return decision;
  };
  const client = await connect(kind, endpoint, decisions === CANNOT_ASK ? undefined : decide);
  return { asked, add: (note: string) => client.call('add_note', { note }), wipe: () => client.call('wipe_notes') };
}

describe.each(pairs)('%s over %s', (kind, transport) => {
  it('asks its user each question, and writes only after a yes', async () => {
    const { add, asked, wipe } = await open(kind, transport, [true, false, 'decline', 'cancel', true, true]);
    expect((await add('milk')).structuredContent).toEqual({ notes: 1 });
    for (const note of ['unticked', 'declined', 'closed']) {
      const { isError, _meta } = await add(note);
      expect([isError, _meta?.[ERROR]]).toMatchObject([
        true,
        { kind: 'cancelled', message: expect.stringContaining('Nothing was changed') },
      ]);
    }
    expect((await add('bread')).structuredContent).toEqual({ notes: 2 });
    expect((await wipe()).structuredContent).toEqual({ wiped: 2 });
    const notes = ['milk', 'unticked', 'declined', 'closed', 'bread'];
    expect(asked).toEqual([...notes.map((note) => `Keep the note "${note}"?`), 'Forget all notes?']);
  });

  it('is refused a write with a remedy when it cannot ask its user', async () => {
    const { add } = await open(kind, transport, CANNOT_ASK);
    const { isError, _meta } = await add('milk');
    expect([isError, _meta?.[ERROR]]).toMatchObject([
      true,
      { kind: 'confirmation_required', remedy: expect.stringContaining('--allow-unconfirmed add_note') },
    ]);
  });

  it('writes without a question when it cannot ask and the operator allows it', async () => {
    const { add, wipe } = await open(kind, transport, CANNOT_ASK, ['--allow-unconfirmed', 'add_note']);
    expect((await add('milk')).structuredContent).toEqual({ notes: 1 });
    expect((await wipe())._meta?.[ERROR]).toMatchObject({ kind: 'confirmation_required' });
  });

  it('is asked when it can ask, even where the operator allows unconfirmed writes', async () => {
    const { add, asked } = await open(kind, transport, ['decline'], ['--allow-unconfirmed', 'add_note']);
    expect((await add('milk')).isError).toBe(true);
    expect(asked).toHaveLength(1);
  });
});
