import type { Socket } from 'node:net';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { chunk, type RawAnswer, raw } from './raw.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };
const MIB = 1024 * 1024;

const send =
  (...parts: (string | Uint8Array)[]): RawAnswer =>
  (socket) => {
    for (const part of parts) socket.write(part);
  };
const sendAndClose =
  (...parts: (string | Uint8Array)[]): RawAnswer =>
  (socket) => {
    for (const part of parts) socket.write(part);
    socket.end();
  };

/** Zeros, compressed: small on the wire, 16 MiB when read. Made when first asked for. */
function bomb(encoding: string, compress: (data: Uint8Array) => Uint8Array): RawAnswer {
  let bytes: Buffer | undefined;
  return (socket) => {
    bytes ??= raw(compress(Buffer.alloc(16 * MIB)), { headers: { ...JSON_HEADERS, 'content-encoding': encoding } });
    socket.write(bytes);
  };
}

/** Writes again and again while the peer reads, until the connection ends. */
function forever(piece: string | Uint8Array, first: string | Uint8Array = ''): (socket: Socket) => void {
  return (socket) => {
    socket.write(first);
    const write = (): void => {
      while (socket.writable && socket.write(piece)) {}
    };
    socket.on('drain', write);
    write();
  };
}

const CHUNKED = { ...JSON_HEADERS, 'transfer-encoding': 'chunked' };
const GZIPPED = gzipSync(JSON.stringify({ ok: true, filler: 'x'.repeat(500) }));

/** What a hostile upstream does, by the name under which it is ordered. */
export const BEHAVIOURS = {
  // Well-behaved, to have something to compare with.
  ok: send(raw('{"ok":true}', { headers: JSON_HEADERS })),
  'ok-gzip': send(raw(GZIPPED, { headers: { ...JSON_HEADERS, 'content-encoding': 'gzip' } })),
  'ok-brotli': send(raw(brotliCompressSync('{"ok":true}'), { headers: { ...JSON_HEADERS, 'content-encoding': 'br' } })),
  'ok-zstd': send(raw(zstdCompressSync('{"ok":true}'), { headers: { ...JSON_HEADERS, 'content-encoding': 'zstd' } })),
  'ok-chunked': send(raw('', { headers: CHUNKED, length: null }), chunk('{"ok":'), chunk('true}'), chunk('')),
  'ok-http-1.0': sendAndClose(raw('{"ok":true}', { version: '1.0', headers: JSON_HEADERS, length: null })),
  'ok-after-103': send('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n', raw('{"ok":true}', { headers: JSON_HEADERS })),
  'ok-and-close': sendAndClose(raw('{"ok":true}', { headers: { ...JSON_HEADERS, connection: 'close' } })),

  // Hangs, at each stage.
  'hang-before-headers': () => {},
  'hang-in-headers': send('HTTP/1.1 200 OK\r\ncontent-type: appl'),
  'hang-in-body': send(raw('{"ok":', { headers: JSON_HEADERS, length: 100 })),
  'hang-in-chunk': send(raw('', { headers: CHUNKED, length: null }), '10\r\n{"ok"'),
  'slow-bytes': (socket) => {
    socket.write(raw('', { headers: JSON_HEADERS, length: 1_000_000 }));
    const timer = setInterval(() => socket.write(' '), 10);
    socket.on('close', () => clearInterval(timer));
  },
  'endless-1xx': forever('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'),

  // Ends too early, or says another length.
  reset: (socket) => void socket.resetAndDestroy(),
  'close-before-headers': (socket) => void socket.end(),
  'reset-in-body': (socket) => {
    socket.write(raw('{"ok":', { headers: JSON_HEADERS, length: 100 }), () => setImmediate(() => socket.resetAndDestroy()));
  },
  truncated: sendAndClose(raw('{"ok":true}', { headers: JSON_HEADERS, length: 100 })),
  'truncated-chunked': sendAndClose(raw('', { headers: CHUNKED, length: null }), chunk('{"ok":true}')),
  'truncated-gzip': send(raw(GZIPPED.subarray(0, 30), { headers: { ...JSON_HEADERS, 'content-encoding': 'gzip' } })),
  'truncated-brotli': send(
    raw(brotliCompressSync('{"ok":true}'.repeat(50)).subarray(0, 20), { headers: { ...JSON_HEADERS, 'content-encoding': 'br' } }),
  ),
  'truncated-zstd': send(
    raw(zstdCompressSync('{"ok":true}'.repeat(50)).subarray(0, 20), { headers: { ...JSON_HEADERS, 'content-encoding': 'zstd' } }),
  ),
  /** A second answer hides in what the first one's length leaves over. */
  'longer-than-said': send(
    Buffer.concat([raw('{"ok":true}', { headers: JSON_HEADERS }), raw('{"ok":"smuggled"}', { headers: JSON_HEADERS })]),
  ),
  /** Bodies where HTTP has none: what reads them as the next answer is confused. */
  'body-after-204': send(
    Buffer.concat([Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'), raw('{"ok":"smuggled"}', { headers: JSON_HEADERS })]),
  ),
  'two-lengths': send('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\ncontent-length: 5\r\n\r\n{"ok":true}'),
  'length-and-chunked': send('HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n', chunk('{"ok":true}'), chunk('')),
  'negative-length': send('HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{"ok":true}'),

  // No HTTP, or not what it says.
  'garbage-status-line': sendAndClose('SSH-2.0-OpenSSH_9.9\r\n'),
  'garbage-status-code': sendAndClose('HTTP/1.1 20x Fine\r\ncontent-length: 0\r\n\r\n'),
  'garbage-chunks': send(raw('', { headers: CHUNKED, length: null }), 'zz\r\n{"ok":true}\r\n0\r\n\r\n'),
  'garbage-gzip': send(raw('{"ok":true}', { headers: { ...JSON_HEADERS, 'content-encoding': 'gzip' } })),
  'unknown-encoding': send(raw('{"ok":true}', { headers: { ...JSON_HEADERS, 'content-encoding': 'rot13' } })),
  'header-flood': forever('x-flood: 1\r\n'.repeat(1000), 'HTTP/1.1 200 OK\r\n'),
  'header-without-end': forever('x'.repeat(16 * 1024), 'HTTP/1.1 200 OK\r\nx-long: '),

  // Too much.
  'bomb-gzip': bomb('gzip', gzipSync),
  'bomb-deflate': bomb('deflate', deflateSync),
  'bomb-brotli': bomb('br', (data) => brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })),
  'bomb-zstd': bomb('zstd', zstdCompressSync),
  'bomb-gzip-twice': bomb('gzip, gzip', (data) => gzipSync(gzipSync(data))),
  'large-with-length': send(raw(Buffer.alloc(4 * MIB, 'x'))),
  endless: forever(chunk('x'.repeat(16 * 1024)), raw('', { headers: CHUNKED, length: null })),
  /** Empty blocks of deflate: the wire never ends, and nothing comes out. */
  'endless-nothing': forever(
    chunk(Buffer.from('000000ffff'.repeat(2000), 'hex')),
    Buffer.concat([raw('', { headers: { ...CHUNKED, 'content-encoding': 'gzip' }, length: null }), chunk(gzipSync('').subarray(0, 10))]),
  ),

  // Statuses.
  'status-401': send(raw('the secret of the upstream', { status: 401 })),
  'status-403': send(raw('the secret of the upstream', { status: 403 })),
  'status-404': send(raw('the secret of the upstream', { status: 404 })),
  'status-418': send(raw('the secret of the upstream', { status: 418 })),
  'status-429': send(raw('slow down', { status: 429 })),
  'status-429-in-an-hour': send(raw('slow down', { status: 429, headers: { 'retry-after': '3600' } })),
  'status-500': send(raw('<html>stack trace with a secret</html>', { status: 500, headers: { 'content-type': 'text/html' } })),
  'status-503-in-an-hour': send(raw('', { status: 503, headers: { 'retry-after': '3600' } })),
  'unasked-304': send('HTTP/1.1 304 Not Modified\r\netag: "a"\r\n\r\n'),

  // Redirects.
  'redirect-to-itself': send(raw('', { status: 302, headers: { location: '/redirect-to-itself' } })),
  'redirect-in-a-circle': send(raw('', { status: 302, headers: { location: '/redirect-back' } })),
  'redirect-back': send(raw('', { status: 302, headers: { location: '/redirect-in-a-circle' } })),
  'redirect-on-and-on': (socket, { path }) => {
    const number = Number(path.split('?')[1] ?? 0) + 1;
    socket.write(raw('', { status: 302, headers: { location: `/redirect-on-and-on?${number}` } }));
  },
  'redirect-nowhere': send(raw('', { status: 302 })),
  'redirect-to-ok': send(raw('moved', { status: 307, headers: { location: '/ok' } })),
  'redirect-to-metadata': send(raw('', { status: 302, headers: { location: 'http://169.254.169.254/latest/meta-data/' } })),
  'redirect-to-another-host': send(raw('', { status: 302, headers: { location: 'https://undeclared.example/' } })),
  'redirect-to-a-file': send(raw('', { status: 302, headers: { location: 'file:///etc/passwd' } })),
  'redirect-with-userinfo': send(raw('', { status: 302, headers: { location: '//user:pass@127.0.0.1/' } })),

  // JSON that is none.
  'json-html': send(raw('<html>secret</html>', { headers: { 'content-type': 'text/html' } })),
  'json-garbage': send(raw('{"secret', { headers: JSON_HEADERS })),
  'json-empty': send(raw('', { headers: JSON_HEADERS })),
  'json-latin1': send(raw(Buffer.from('{"a":"\xe4"}', 'latin1'), { headers: JSON_HEADERS })),
  'json-wrong-shape': send(raw('{"ok":"secret"}', { headers: JSON_HEADERS })),
  'json-deep': send(raw(`${'['.repeat(200_000)}${']'.repeat(200_000)}`, { headers: JSON_HEADERS })),
} satisfies Record<string, RawAnswer>;

export type Behaviour = keyof typeof BEHAVIOURS;

export function isBehaviour(name: string): name is Behaviour {
  return Object.hasOwn(BEHAVIOURS, name);
}
