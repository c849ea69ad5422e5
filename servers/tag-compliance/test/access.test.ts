import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '@modelcontextprotocol/client';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { serveHere } from './support/embedded-aws.ts';
import { ask } from './support/sample.ts';

/** Every tool that needs AWS. */
const CALLS: readonly [string, Record<string, unknown>][] = [
  ['check_tag_compliance', {}],
  ['find_untagged_resources', {}],
  ['validate_resource_tags', { resource_arns: ['arn:aws:s3:::x'] }],
  ['get_cost_attribution_gap', {}],
  ['suggest_tags', { resource_arn: 'arn:aws:s3:::x' }],
  ['generate_compliance_report', {}],
  ['get_violation_history', {}],
];

/** The server in an environment in which nothing is set but this. */
async function serveWith(variables: Record<string, string>): Promise<Client> {
  const none = { AWS_PROFILE: undefined, AWS_ENDPOINT_URL: undefined, AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
  const files = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true' };
  for (const [name, value] of Object.entries({ ...none, ...files, AWS_REGION: 'eu-central-1', ...variables })) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  return serveHere();
}

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret' };

/** A server that is not AWS. */
async function startWebServer(status: number): Promise<string> {
  const server = http.createServer((_request, response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<p>Hello</p>'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function errorsOf(client: Client): Promise<string[]> {
  const errors: string[] = [];
  for (const [name, args] of CALLS) {
    errors.push(
      await ask(client, name, args).then(
        ({ text }) => `no error: ${text}`,
        (error: Error) => error.message,
      ),
    );
  }
  return errors;
}

function all(text: string): unknown[] {
  return CALLS.map(() => expect.stringContaining(text));
}

describe('every tool', () => {
  it('says that there are no credentials, and what to set', async () => {
    const errors = await errorsOf(await serveWith({}));
    expect(errors).toEqual(all('There are no AWS credentials'));
    expect(errors).toEqual(all('set AWS_PROFILE or AWS_ACCESS_KEY_ID'));
    expect(errors).toEqual(all('upstream_rejected'));
  });

  it('says that the profile does not exist', async () => {
    const errors = await errorsOf(await serveWith({ AWS_PROFILE: 'fniops' }));
    expect(errors).toEqual(all('There is no profile "fniops" in /dev/null or /dev/null.'));
    expect(errors).toEqual(all('correct AWS_PROFILE'));
  });

  it('says that nothing answers at the address in place of AWS, without its password', async () => {
    const port = await closedPort();
    const errors = await errorsOf(await serveWith({ ...KEYS, AWS_ENDPOINT_URL: `http://ann:pass-word@127.0.0.1:${port}/x` }));
    expect(errors).toEqual(all(`nothing usable answers at http://127.0.0.1:${port}, the address that is set in place of AWS.`));
    expect(errors).toEqual(all('Correct or remove AWS_ENDPOINT_URL'));
    expect(errors.join('\n')).not.toContain('pass-word');
  });

  it.each([200, 404])('says that what answers at the address is not AWS (status %d)', async (status) => {
    const url = await startWebServer(status);
    const errors = await errorsOf(await serveWith({ ...KEYS, AWS_ENDPOINT_URL: url }));
    expect(errors).toEqual(all(`what answers at ${url}, the address that is set in place of AWS, is not AWS.`));
  });

  it('says that the address has no protocol', async () => {
    const errors = await errorsOf(await serveWith({ ...KEYS, AWS_ENDPOINT_URL: 'localhost:4566' }));
    expect(errors).toEqual(all('The address in AWS_ENDPOINT_URL is not one that begins with http:// or https://.'));
  });
});
