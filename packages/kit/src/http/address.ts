import { UsageError } from '../protocol/errors.ts';

/** Where to listen: `8080`, `127.0.0.1:8080`, `[::1]:8080`, `localhost:0`. Without a host, loopback. */
export interface Address {
  host: string;
  port: number;
  isLoopback: boolean;
}

/** @throws UsageError */
export function parseAddress(text: string): Address {
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[^:[\]]+):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) throw new UsageError(`--http takes [host:]port, for example 8080 or 127.0.0.1:8080, not "${text}".`);
  const host = (match[1] ?? '127.0.0.1').replaceAll(/[[\]]/g, '');
  return { host, port, isLoopback: isLoopbackName(host) };
}

/** Whether a host name means this machine only. IPv6 addresses may be in brackets. */
export function isLoopbackName(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);
}
