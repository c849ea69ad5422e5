import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHostGuard, isAllowedAddress, UpstreamError } from '../src/index.ts';

const v4 = (number: number): string => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
const cidr = (base: string, bits: number): fc.Arbitrary<string> => {
  const start = base.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return fc.integer({ min: 0, max: 2 ** (32 - bits) - 1 }).map((offset) => v4(start + offset));
};

/** IANA's registry of special-purpose IPv4 addresses, and multicast. */
const INTERNAL_V4 = fc.oneof(
  cidr('0.0.0.0', 8),
  cidr('10.0.0.0', 8),
  cidr('100.64.0.0', 10),
  cidr('127.0.0.0', 8),
  cidr('169.254.0.0', 16),
  cidr('172.16.0.0', 12),
  cidr('192.0.0.0', 24),
  cidr('192.168.0.0', 16),
  cidr('198.18.0.0', 15),
  cidr('224.0.0.0', 4),
  cidr('240.0.0.0', 4),
);
const PUBLIC_V4 = fc.oneof(
  cidr('8.8.0.0', 16),
  cidr('1.1.1.0', 24),
  cidr('93.184.0.0', 16),
  cidr('172.32.0.0', 12),
  cidr('100.128.0.0', 9),
);
const hextet = fc.integer({ min: 0, max: 0xffff }).map((number) => number.toString(16));
const tail = (count: number): fc.Arbitrary<string> =>
  fc.array(hextet, { minLength: count, maxLength: count }).map((parts) => parts.join(':'));
const embed = (address: string): string => {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
};

/** Every way in which a URL may spell an IPv4 address. */
function spellings(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (part: number): string => `0x${part.toString(16)}`;
  const octal = (part: number): string => `0${part.toString(8)}`;
  return [
    address,
    String(whole),
    hex(whole),
    octal(whole),
    [a, b, c, d].map(hex).join('.'),
    [a, b, c, d].map(octal).join('.'),
    `${a}.${(b * 256 + c) * 256 + d}`,
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${b}.${c}.${hex(d)}`,
    address.replaceAll('.', '%2e'),
    address.replaceAll('.', '。'),
    address.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    `[::ffff:${address}]`,
    `[::ffff:${embed(address)}]`,
    `[64:ff9b::${embed(address)}]`,
    `[64:ff9b::${address}]`,
    `[0:0:0:0:0:FFFF:${embed(address)}]`,
  ];
}

describe('which addresses may be connected to', () => {
  it('is no internal IPv4 address', () => {
    fc.assert(fc.property(INTERNAL_V4, (address) => !isAllowedAddress(address, 'public')));
  });

  it('is every public IPv4 address', () => {
    fc.assert(fc.property(PUBLIC_V4, (address) => isAllowedAddress(address, 'public')));
  });

  it('is an IPv6 address that stands for an IPv4 address exactly when that one is', () => {
    fc.assert(
      fc.property(fc.oneof(INTERNAL_V4, PUBLIC_V4), (address) => {
        const expected = isAllowedAddress(address, 'public');
        for (const prefix of ['::ffff:', '64:ff9b::']) expect(isAllowedAddress(prefix + embed(address), 'public')).toBe(expected);
      }),
    );
  });

  it('is no IPv6 address outside of global unicast, and none that hides a tunnel', () => {
    const internal = fc.oneof(
      fc
        .tuple(fc.constantFrom('fc00', 'fd12', 'fe80', 'febf', 'fec0', 'ff02', '4000', '0100', '5f00', '2002'), tail(7))
        .map((parts) => parts.join(':')),
      tail(6).map((rest) => `2001:0:${rest}`),
      tail(6).map((rest) => `2001:db8:${rest}`),
      fc.oneof(INTERNAL_V4, PUBLIC_V4).map((address) => `::${embed(address)}`),
      fc.constantFrom('::', '::1', 'fd00:ec2::254', '64:ff9b:1::1', '::ffff:0:8.8.8.8'),
    );
    fc.assert(fc.property(internal, (address) => !isAllowedAddress(address, 'public')));
  });

  it.each(['2606:4700::1111', '2a00:1450:4001:81b::200e', '2620:fe::fe'])('is the public address %s', (address) => {
    expect(isAllowedAddress(address, 'public')).toBe(true);
  });

  it.each(['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '100.64.0.1', '::1', 'fd12::1', '::ffff:10.0.0.1'])(
    'is %s when the host is declared as private',
    (address) => {
      expect(isAllowedAddress(address, 'private')).toBe(true);
    },
  );

  it.each([
    '169.254.169.254',
    'fe80::1',
    'fd00:ec2::254',
    '100.100.100.200',
    '168.63.129.16',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    '255.255.255.255',
    '::ffff:169.254.169.254',
  ])('is never %s', (address) => {
    expect(isAllowedAddress(address, 'private')).toBe(false);
    expect(isAllowedAddress(address, 'public')).toBe(false);
  });

  it.each(['', 'localhost', '1.2.3.4.5', 'fe80::1%eth0', '127.1.'])('is not "%s", which is no address', (text) => {
    expect(isAllowedAddress(text, 'private')).toBe(false);
  });
});

const guard = (...hosts: string[]) => createHostGuard(hosts.map((host) => ({ host, why: 'tests' })));
const refusal = (check: () => unknown): unknown => {
  try {
    check();
  } catch (error) {
    return error instanceof UpstreamError ? error.kind : error;
  }
  return 'allowed';
};

describe('which URLs may be called', () => {
  it('is none with an internal address, however it is spelled, even where the host is declared', () => {
    fc.assert(
      fc.property(INTERNAL_V4, (address) => {
        const declared = createHostGuard([{ host: address, why: 'a mistake' }]);
        for (const host of spellings(address)) {
          expect([host, refusal(() => declared.check(`https://${host}/`))]).toEqual([host, 'forbidden']);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is none of a host that is not declared', () => {
    fc.assert(fc.property(fc.domain(), (domain) => refusal(() => guard('api.example.com').check(`https://${domain}/`)) === 'forbidden'));
  });

  it.each([
    'https://api.example.com/a?b=c',
    'https://API.EXAMPLE.com',
    'https://api.example.com:443/',
    'https://one.example.org/',
    'https://xn--bcher-kva.example/',
    'https://bücher.example/',
    'https://ports.example:8443/',
    'http://plain.example/',
    'https://api.example.com\\@evil.example/',
  ])('is %s', (url) => {
    const hosts = guard('api.example.com', '*.example.org', 'bücher.example', 'ports.example:8443', 'http://plain.example');
    expect(hosts.check(url).url.href).toBe(new URL(url).href);
  });

  it.each([
    'http://api.example.com/',
    'https://api.example.com:8443/',
    'https://api.example.com./',
    'https://api.example.com.evil.example/',
    'https://evil.example/api.example.com',
    'https://evilapi.example.com/',
    'https://user@api.example.com/',
    'https://user:secret@api.example.com/',
    'https://api.example.com@evil.example/',
    'https://evil.example#@api.example.com/',
    'https://two.labels.example.org/',
    'https://example.org/',
    'https://.example.org/',
    'https://aexample.org/',
    'https://%61pi.example.com.evil.example/',
    'ftp://api.example.com/',
    'file:///etc/passwd',
    'data:text/plain,x',
    'javascript:1',
    '//api.example.com/',
    'api.example.com',
    '',
  ])('is not "%s"', (url) => {
    const error = refusal(() => guard('api.example.com', '*.example.org').check(url));
    expect(error).toBe('forbidden');
  });

  it('says which hosts are declared, and nothing of the credentials in the URL', () => {
    try {
      guard('api.example.com').check('https://user:hunter2@evil.example/?token=hunter2');
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toContain('hunter2');
    }
    try {
      guard('api.example.com').check('https://evil.example/hunter2?token=hunter2');
      expect.unreachable();
    } catch (error) {
      expect((error as UpstreamError).message).toBe('evil.example is not among the hosts that this server may reach.');
      expect((error as UpstreamError).remedy).toBe('It declares api.example.com.');
    }
  });

  it.each([
    '*.com',
    '*',
    '*.*.example.com',
    'api.*.com',
    'a b.example',
    'https://a.example/path',
    'user@a.example',
    '',
    'a.example.',
    '*.10.0.0.1',
    'ftp://a.example',
  ])('cannot be declared as "%s"', (host) => {
    expect(() => guard(host)).toThrow(TypeError);
  });
});
