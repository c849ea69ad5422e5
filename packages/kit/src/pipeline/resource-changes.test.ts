import { localUser } from '@fairway-mcp/auth';
import { describe, expect, it } from 'vitest';
import { type ChangeNotification, ResourceChanges, Subscriber } from './resource-changes.ts';

/** A connection that takes a notification only when the test lets it. */
class SlowConnection {
  readonly received: string[] = [];
  #taken = Promise.withResolvers<void>();

  readonly deliver = ({ method, params }: ChangeNotification): Promise<void> => {
    this.received.push(String(params?.uri ?? method));
    this.#taken = Promise.withResolvers();
    return this.#taken.promise;
  };

  async take(): Promise<void> {
    this.#taken.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }

  async break(): Promise<void> {
    this.#taken.reject(new Error('closed'));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function subscribe(changes: ResourceChanges, ...uris: string[]) {
  const connection = new SlowConnection();
  const subscriber = new Subscriber(changes, localUser, connection.deliver);
  for (const uri of uris) subscriber.subscribe(uri);
  subscriber.start();
  return { connection, subscriber };
}

describe('a subscriber', () => {
  it('has at most one notification in flight, and one pending for each resource', async () => {
    const changes = new ResourceChanges(10);
    const { connection } = subscribe(changes, 'a', 'b');
    for (let time = 0; time < 100; time += 1) for (const uri of ['a', 'b', 'c']) changes.changed(uri);
    expect(connection.received).toEqual(['a']);
    for (let time = 0; time < 5; time += 1) await connection.take();
    expect(connection.received).toEqual(['a', 'b', 'a']);
    changes.changed('b');
    expect(connection.received).toEqual(['a', 'b', 'a', 'b']);
  });

  it('is notified of the changes since it subscribed once it starts', () => {
    const changes = new ResourceChanges(10);
    const connection = new SlowConnection();
    const subscriber = new Subscriber(changes, localUser, connection.deliver);
    subscriber.subscribe('a');
    changes.changed('a');
    expect(connection.received).toEqual([]);
    subscriber.start();
    expect(connection.received).toEqual(['a']);
  });

  it('is not notified of a pending change of what it has unsubscribed from', async () => {
    const changes = new ResourceChanges(10);
    const { connection, subscriber } = subscribe(changes, 'a', 'b');
    changes.changed('a');
    changes.changed('b');
    subscriber.unsubscribe('b');
    subscriber.unsubscribe('b');
    await connection.take();
    expect(connection.received).toEqual(['a']);
  });

  it.each([
    ['its connection breaks', (_subscriber: Subscriber, connection: SlowConnection) => connection.break()],
    ['it is closed', (subscriber: Subscriber, _connection: SlowConnection) => subscriber.close()],
  ])('leaves nothing behind when %s', async (_when, end) => {
    const changes = new ResourceChanges(2);
    const { connection, subscriber } = subscribe(changes, 'a', 'b');
    subscriber.followList();
    changes.changed('a');
    changes.listChanged();
    await end(subscriber, connection);
    await connection.take();
    subscriber.subscribe('c');
    subscriber.followList();
    changes.changed('a');
    expect([connection.received, changes.size, subscriber.size]).toEqual([['a'], 0, 0]);
    expect(() => subscribe(changes, 'a', 'b')).not.toThrow();
  });

  it('counts each resource once, and the list not at all', () => {
    const changes = new ResourceChanges(2);
    const { subscriber } = subscribe(changes, 'a', 'a', 'b');
    subscriber.followList();
    subscriber.followList();
    expect(subscriber.size).toBe(2);
    expect(() => subscriber.subscribe('c')).toThrow('2 subscriptions');
    expect(() => subscribe(changes, 'a')).toThrow('2 subscriptions');
    subscriber.unsubscribe('a');
    expect(() => subscribe(changes, 'c')).not.toThrow();
  });
});
