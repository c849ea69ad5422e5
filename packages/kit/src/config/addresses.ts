import * as z from 'zod';

/**
 * An address of one of some protocols. What the library behind it would only refuse, or take for something else, is refused here, where the
 * setting can be named.
 * @param example what is allowed, for the message
 * @param isRight what else must be true of it
 */
export function address(protocols: readonly string[], example: string, isRight: (url: URL) => boolean = hasHost): z.ZodString {
  const accepts = (text: string) => {
    const url = URL.parse(text);
    return url !== null && protocols.includes(url.protocol) && isRight(url);
  };
  return z.string().refine(accepts, { error: `is not an address that can be used here; write ${example}` });
}

function hasHost({ hostname }: URL): boolean {
  return hostname !== '';
}

/** Redis has numbered databases, and nothing else in its path. */
export function isRedis(url: URL): boolean {
  return hasHost(url) && /^\/?\d{0,5}$/.test(url.pathname);
}

const LABELS = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;
const IPV6 = /^\[[0-9a-f:.]+\]$/;

/** The name of a host, as it is in the `Host` header before the port. No form of a name stands for several. */
export function hostName(): z.ZodString {
  const accepts = (name: string) => name.length <= 253 && (LABELS.test(name) || (IPV6.test(name) && URL.canParse(`http://${name}`)));
  return z
    .string()
    .toLowerCase()
    .refine(accepts, { error: 'is not a host name; write mcp.example.com, 10.0.0.5 or [::1], without "*", protocol, port and path' });
}
