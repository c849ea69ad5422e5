import { type Launch, openSession, type RawResponse, type Session, sendModern } from '@fairway-mcp/testing';

/** The built tag-compliance server with sample data. */
export const tagCompliance: Launch = {
  main: new URL('../../../../servers/tag-compliance/dist/main.js', import.meta.url),
  args: ['--sample', '--sample-size', '300'],
};

/** The fixture of this workspace, built in the same way: its tools are as slow as a test wants. */
export const workshop: Launch = { main: new URL('../../dist/main.js', import.meta.url) };

export function withFlags(launch: Launch, ...flags: string[]): Launch {
  return { ...launch, args: [...(launch.args ?? []), ...flags] };
}

/** Sends a request of one protocol era. */
export type Ask = (method: string, params?: Record<string, unknown>, id?: number | string, signal?: AbortSignal) => Promise<RawResponse>;

export const ERAS = ['modern', 'legacy'] as const;
export type Era = (typeof ERAS)[number];

/** A client of one era: with the envelope and the headers of 2026, or with a session of 2025. */
export async function client(era: Era, url: string, headers: Record<string, string> = {}): Promise<Ask> {
  if (era === 'modern') return (method, params = {}, id = 1, signal) => sendModern(url, method, params, { id, headers, signal });
  const session: Session = await openSession(url, { headers });
  return (method, params = {}, id = 1, signal) => session.request(method, params, id, signal);
}

/** Where an error's kind, message and remedy are in a tool's result. */
export const ERROR = 'io.github.fairway-mcp/error';

export const call = (name: string, args: Record<string, unknown> = {}) => ({ name, arguments: args });
