import dns from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import tls from 'node:tls';
import type { buildConnector as Build } from 'undici';
import { type AddressPolicy, isAllowedAddress } from './addresses.ts';
import { addressRefused } from './hosts.ts';
import { buildConnector } from './undici.ts';

export interface ResolvedAddress {
  address: string;
  family: number;
}

/** Looks a name up. Tests pass their own. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

const systemResolve: Resolve = (hostname) => dns.lookup(hostname, { all: true });

export interface ConnectOptions {
  /** From the lookup to the end of the TLS handshake. */
  timeoutMs: number;
  policy: AddressPolicy;
  resolve: Resolve | undefined;
  /** Certificates to trust in addition: tests, private hosts. */
  ca: string | undefined;
}

/**
 * Connects to an address that has been checked, and to no other: the name is looked up once, every answer is checked, and the
 * socket goes to one of them. Undici's dns interceptor looks up in front of the connection and checks nothing.
 */
export function createConnector({ timeoutMs, policy, resolve = systemResolve, ca }: ConnectOptions): Build.connector {
  const connect = buildConnector({
    timeout: timeoutMs,
    // HTTP/2 multiplexes over one socket: the limits here are counted by connection, and are proven for HTTP/1.1.
    allowH2: false,
    lookup: guardedLookup(resolve, policy),
    autoSelectFamily: true,
    ...(ca !== undefined && { ca: [...tls.getCACertificates('default'), ca] }),
  });
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error) return callback(error, null);
      // The second lock: whatever chose the address, this is where the bytes would go.
      if (socket.remoteAddress !== undefined && isAllowedAddress(socket.remoteAddress, policy)) return callback(null, socket);
      socket.destroy();
      callback(addressRefused(options.hostname), null);
    });
  };
}

function guardedLookup(resolve: Resolve, policy: AddressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        // One bad answer spoils all: a name that points inside as well as outside is not what it says.
        if (!first) return callback(noAddress(hostname), '', 0);
        if (!addresses.every(({ address }) => isAllowedAddress(address, policy))) return callback(addressRefused(hostname), '', 0);
        if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

function noAddress(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
}
