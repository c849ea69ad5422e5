/** The kinds of manifest that name an image for all platforms, and those for one, in case there is no other. */
const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
const TIMEOUT_MS = 20_000;
const DOCKER_HUB = 'https://registry-1.docker.io';

/**
 * The digest that a tag stands for now, by the distribution protocol
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md) and its tokens.
 * @param image of Docker Hub: `node:24.21.0-slim`
 * @throws Error with the status when the registry does not tell
 */
export async function findDigest(image: string, registry = DOCKER_HUB): Promise<string> {
  const [name = '', tag = ''] = image.split(':');
  const url = `${registry}/v2/${name.includes('/') ? name : `library/${name}`}/manifests/${tag}`;
  const first = await request(url);
  const challenge = first.headers.get('www-authenticate');
  const response = first.status === 401 && challenge !== null ? await request(url, await fetchToken(challenge)) : first;
  const digest = response.headers.get('docker-content-digest');
  if (!response.ok || digest === null || !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new Error(`${image}: the registry answered ${response.status}${response.ok ? ' without a digest' : ''}.`);
  return digest;
}

function request(url: string, token?: string): Promise<Response> {
  const headers = { Accept: ACCEPT, ...(token !== undefined && { Authorization: `Bearer ${token}` }) };
  return fetch(url, { method: 'HEAD', headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
}

/** Anyone gets a token for reading public images. @param challenge `Bearer realm="…",service="…",scope="…"` */
async function fetchToken(challenge: string): Promise<string> {
  const parameters = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
  const { realm = '', ...rest } = parameters;
  const response = await fetch(`${realm}?${new URLSearchParams(rest)}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const { token } = (await response.json()) as { token?: string };
  if (token === undefined) throw new Error(`${realm} answered ${response.status} without a token.`);
  return token;
}
