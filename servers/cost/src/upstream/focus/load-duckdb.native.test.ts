import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UsageError } from '@fairway-mcp/kit';
import { describe, expect, it } from 'vitest';
import { type DuckDb, loadDuckDb } from './load-duckdb.ts';

function failing(error: object): () => Promise<DuckDb> {
  return () => Promise.reject(error);
}

describe('loading DuckDB', () => {
  it('works with the version that is installed here', async () => {
    expect((await loadDuckDb()).version()).toMatch(/^v\d/);
  });

  it('says in plain words how to get it where it is absent, as Node reports that', async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'fairway-absent-'));
    const program = `import('@duckdb/node-api').catch((error) => process.stdout.write(JSON.stringify({ code: error.code, message: error.message })))`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: folder, encoding: 'utf8' });
    const { code, message } = JSON.parse(output);
    expect(code).toBe('ERR_MODULE_NOT_FOUND');
    const loading = loadDuckDb(failing(Object.assign(new Error(message), { code })));
    await expect(loading).rejects.toThrow(/read with DuckDB, which is not installed.*-p @duckdb\/node-api/);
    await expect(loading).rejects.toBeInstanceOf(UsageError);
  });

  it('says that the binary of this platform is absent, in the form of the package', async () => {
    const error = Object.assign(new Error("Cannot find module '@duckdb/node-bindings-linux-x64/duckdb.node'"), {
      code: 'MODULE_NOT_FOUND',
    });
    await expect(loadDuckDb(failing(error))).rejects.toThrow(`not its binary for this machine (${process.platform}-${process.arch})`);
  });

  it.each(['v1.3.2', 'v0.10.0'])('refuses %s, which is too old, and names what is needed', async (version) => {
    const duckDb = { ...(await loadDuckDb()), version: () => version };
    await expect(loadDuckDb(async () => duckDb)).rejects.toThrow(`1.4 or newer; @duckdb/node-api here is ${version}`);
  });

  it('names what else is wrong', async () => {
    await expect(loadDuckDb(failing(new Error('GLIBC_2.38 not found\nmore')))).rejects.toThrow('cannot be loaded: GLIBC_2.38 not found ');
  });
});
