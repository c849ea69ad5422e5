import { describe, expect, it } from 'vitest';
import { EmulatorHarness } from '../emulator.fixture.ts';
import { JSON_ERRORS, type JsonService, ServiceError } from '../index.ts';

/** A service as a server's own tests would add it: one write with a client token. */
function ticketService(): { service: JsonService; tickets: string[] } {
  const tickets: string[] = [];
  const service: JsonService = {
    name: 'tickets',
    protocol: 'json-1.1',
    target: 'Tickets_1',
    errors: JSON_ERRORS,
    operations: {
      CreateTicket(input, call) {
        const title = input.text('Title') ?? '';
        const write = {
          scope: `CreateTicket/${call.account}/${call.region}`,
          token: input.text('ClientToken'),
          parameters: input.fingerprint(['ClientToken']),
        };
        const mismatch = () => new ServiceError('IdempotentParameterMismatch', 'The token was used with other parameters.');
        return call.state.once(write, mismatch, () => ({ Id: tickets.push(title) }));
      },
    },
  };
  return { service, tickets };
}

async function withService(use: (create: (body: object) => Promise<unknown>, tickets: readonly string[]) => Promise<void>): Promise<void> {
  const { service, tickets } = ticketService();
  const harness = new EmulatorHarness();
  await harness.start({ services: [service] });
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIA1/20261115/eu-central-1/tickets/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
  const headers = { 'x-amz-target': 'Tickets_1.CreateTicket', authorization };
  const create = async (body: object) => (await fetch(harness.aws.url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  try {
    await use(create, tickets);
  } finally {
    await harness.stop();
  }
}

describe('a service that a test adds', () => {
  it('answers at the same address as the others', () =>
    withService(async (create, tickets) => {
      expect(await create({ Title: 'first' })).toEqual({ Id: 1 });
      expect(tickets).toEqual(['first']);
    }));
});

describe('a client token', () => {
  it('makes a repeated write have its effect once and its answer twice', () =>
    withService(async (create, tickets) => {
      const request = { Title: 'first', ClientToken: 't-1' };
      expect([await create(request), await create(request)]).toEqual([{ Id: 1 }, { Id: 1 }]);
      expect(await create({ Title: 'first', ClientToken: 't-2' })).toEqual({ Id: 2 });
      expect(tickets).toEqual(['first', 'first']);
    }));

  it('is rejected with other parameters', () =>
    withService(async (create, tickets) => {
      await create({ Title: 'first', ClientToken: 't-1' });
      expect(await create({ Title: 'second', ClientToken: 't-1' })).toMatchObject({ __type: 'IdempotentParameterMismatch' });
      expect(tickets).toEqual(['first']);
    }));
});
