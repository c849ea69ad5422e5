import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findImageProblems } from '../checks/images.ts';
import { filesWithImages, referencesIn, withDigests } from './references.ts';
import { findDigest } from './registry.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const DOCKERFILE = 'FROM node:24.21.0-slim AS build\nRUN true\nFROM node:24.21.0-slim\nCOPY --from=build /app /app\n';

/** A registry that gives the digest of one image to holders of its token. */
async function startRegistry(): Promise<string> {
  let url = '';
  const server = http.createServer((request, response) => {
    if (request.url?.startsWith('/token?')) {
      const { searchParams } = new URL(request.url, url);
      return response.end(JSON.stringify({ token: `for ${searchParams.get('service')} ${searchParams.get('scope')}` }));
    }
    const isKnown = request.url === '/v2/library/node/manifests/24.21.0-slim';
    if (request.headers.authorization !== 'Bearer for hub pull') {
      return response.writeHead(401, { 'WWW-Authenticate': `Bearer realm="${url}/token",service="hub",scope="pull"` }).end();
    }
    return response.writeHead(isKnown ? 200 : 404, isKnown ? { 'Docker-Content-Digest': DIGEST } : {}).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return url;
}

describe('container images', () => {
  it('are found wherever this repository names them', () => {
    expect(filesWithImages()).toEqual(expect.arrayContaining(['Dockerfile', 'compose.yaml', '.github/workflows/ci.yml']));
    expect(referencesIn('Dockerfile', DOCKERFILE).map(({ image }) => image)).toEqual(['node:24.21.0-slim', 'node:24.21.0-slim']);
    const yaml = `services:\n  redis:\n    image: redis:8.2-alpine@${DIGEST}\n  # image: old:1\n`;
    expect(referencesIn('compose.yaml', yaml)).toEqual([{ file: 'compose.yaml', image: 'redis:8.2-alpine', digest: DIGEST }]);
  });

  it('are pinned to what their tag stands for, also again', async () => {
    const registry = await startRegistry();
    const digests = new Map([['node:24.21.0-slim', await findDigest('node:24.21.0-slim', registry)]]);
    const pinned = withDigests(DOCKERFILE, digests);
    expect(pinned).toContain(`FROM node:24.21.0-slim@${DIGEST} AS build\n`);
    expect(referencesIn('Dockerfile', pinned).map(({ digest }) => digest)).toEqual([DIGEST, DIGEST]);
    expect(withDigests(pinned, new Map([['node:24.21.0-slim', OTHER]]))).toBe(pinned.replaceAll(DIGEST, OTHER));
    await expect(findDigest('node:none', registry)).rejects.toThrow('node:none: the registry answered 404.');
  });

  it('must all be pinned once one is, each tag to the same digest', () => {
    const reference = (image: string, digest?: string) => ({ file: 'f', image, digest });
    expect(findImageProblems([reference('a:1'), reference('b:1')])).toEqual({
      problems: [],
      unchecked: true,
      note: expect.stringContaining('NOT pinned by digest: a:1, b:1'),
    });
    expect(findImageProblems([reference('a:1', DIGEST), reference('b:1', OTHER)]).problems).toEqual([]);
    expect(findImageProblems([reference('a:1', DIGEST), reference('b:1')]).problems).toEqual([
      expect.stringContaining('b:1 has no digest'),
    ]);
    expect(findImageProblems([reference('a:1', DIGEST), reference('a:1', OTHER)]).problems).toEqual([
      expect.stringContaining('another digest than elsewhere'),
    ]);
  });
});
