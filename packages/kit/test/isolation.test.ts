import http from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { IsolatedClient, type Profile } from './isolation/client.ts';
import { operations, type Turn, type World } from './isolation/operations.ts';
import { Random } from './isolation/random.ts';
import { mirrors, type Witness } from './isolation/server.ts';
import { serveWithKeys } from './support/keys.ts';

const PRINCIPALS = ['ann', 'bob', 'cleo', 'dan'];
const CLIENTS = 16;
/** How many operations a client runs concurrently. */
const CONCURRENCY = 4;
/** How many of them it runs in a row. */
const TURNS = 50;

/** Random, unless one is given to reproduce a failure. */
const seed = Number(process.env.ISOLATION_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** All combinations of era and capabilities, spread over the principals. */
function profiles(keys: readonly { name: string; key: string }[]): Profile[] {
  return Array.from({ length: CLIENTS }, (_, number) => {
    const { name, key } = keys[Math.floor(number / 2) % keys.length] ?? { name: '', key: '' };
    const era = number % 2 === 0 ? 'modern' : 'legacy';
    return { number, era, principal: `api_key:${name}`, key, canAsk: number % 3 !== 0, knowsTasks: number % 4 < 2 };
  });
}

function pickOperation(random: Random): (turn: Turn) => Promise<void> {
  const picked = operations.flatMap(([weight, operation]) => Array.from({ length: weight }, () => operation));
  return random.pick(picked);
}

async function runOperations(client: IsolatedClient, slot: number, world: World): Promise<number> {
  const random = new Random(seed + client.profile.number * CONCURRENCY + slot);
  for (let turn = 0; turn < TURNS; turn += 1) {
    const marker = `~c${client.profile.number}.${slot * TURNS + turn}~`;
    const operation = pickOperation(random);
    try {
      await operation({ client, marker, random, world });
    } catch (error) {
      throw new Error(`${operation.name} ${marker}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  return TURNS;
}

describe('many concurrent clients', () => {
  it(`receive nothing of each other's calls, tasks, questions and sessions (ISOLATION_SEED=${seed})`, { timeout: 120_000 }, async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 400 });
    onTestFinished(() => agent.destroy());
    const limits = ['--rate-limit', '0', '--max-concurrency', '1000'];
    const keysOf = PRINCIPALS.map((name) => ({ name, scopes: ['*'] }));
    const { server, keys } = await serveWithKeys(keysOf, limits, mirrors);
    const clients = profiles(keys).map((profile) => new IsolatedClient(profile, server.url, agent));
    await Promise.all(clients.map((client) => client.connect()));
    const world: World = { clients, tasks: [], states: [], written: new Set(), cancelled: new Set() };
    const turns = await Promise.all(
      clients.flatMap((client) => Array.from({ length: CONCURRENCY }, (_, slot) => runOperations(client, slot, world))),
    );
    expect(turns.reduce((sum, count) => sum + count, 0)).toBe(CLIENTS * CONCURRENCY * TURNS);
    const { written, cancelled } = server.runtime.services as Witness;
    expect(new Set(written)).toEqual(world.written);
    expect(written).toHaveLength(world.written.size);
    await expect.poll(() => new Set(cancelled)).toEqual(world.cancelled);
    for (const { unsolicited } of clients) expect(unsolicited).toEqual([]);
    expect([world.written.size, world.cancelled.size, world.tasks.length].every((count) => count > 10)).toBe(true);
  });
});
