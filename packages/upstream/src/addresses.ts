import ipaddr from 'ipaddr.js';

/** What may be connected to: `public` addresses only, or `private` ones too. */
export type AddressPolicy = 'public' | 'private';

/** What a host that is declared as private may resolve to. Link-local stays out: clouds keep their metadata there. */
const PRIVATE_RANGES: ReadonlySet<string> = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat']);

/** Addresses inside of ranges that may be allowed, at which clouds hand out credentials: AWS (IPv6), Alibaba, Azure. */
const METADATA: ReadonlySet<string> = new Set(['fd00:ec2::254', '100.100.100.200', '168.63.129.16']);

/** RFC 6052: the low 32 bits are an IPv4 address, which a gateway (DNS64 and NAT64) connects to. */
const NAT64 = ipaddr.parseCIDR('64:ff9b::/96');
/** RFC 4291: the global unicast addresses that have been given out. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an address that DNS answered, or that stands in a URL, may be connected to.
 * @param text an address as `net.isIP` accepts it, without brackets and without a zone
 */
export function isAllowedAddress(text: string, policy: AddressPolicy): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = innermost(ipaddr.parse(text));
  if (METADATA.has(address.toString())) return false;
  const range = address.range();
  if (policy === 'private' && PRIVATE_RANGES.has(range)) return true;
  if (range !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST);
}

/** The IPv4 address that an IPv6 address stands for, when a connection would end there. 6to4 and Teredo are ranges that are never allowed. */
function innermost(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address instanceof ipaddr.IPv4) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (address.match(NAT64)) return new ipaddr.IPv4(address.toByteArray().slice(12));
  return address;
}
