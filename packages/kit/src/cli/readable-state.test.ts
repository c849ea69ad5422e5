import fs from 'node:fs';
import path from 'node:path';
import { createAuditLog, openSqlite } from '@fairway-mcp/store';
import { temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { readableState } from './readable-state.ts';

const row = { sequence: 1, previous: '', hash: 'h', body: '{}' };

describe('the state that an audit command reads', () => {
  it('is the folder itself where it can be written, or where nothing is yet', () => {
    const folder = temporaryFolder();
    expect(readableState(folder, () => false).folder).toBe(folder);
    fs.writeFileSync(path.join(folder, 'fairway.db'), '');
    expect(readableState(folder).folder).toBe(folder);
  });

  it('is a copy, with what is in the log only, where nothing can be written; it is removed, and the original stays as it was', async () => {
    const folder = temporaryFolder();
    const store = openSqlite({ file: path.join(folder, 'fairway.db') });
    await (await createAuditLog(store)).append(() => [row]);
    const before = fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name)).length]);
    const state = readableState(folder, () => false);
    const copy = openSqlite({ file: path.join(state.folder, 'fairway.db') });
    expect(await (await createAuditLog(copy)).read(0, 10)).toEqual([row]);
    await copy.close();
    state.release();
    expect([state.folder === folder, fs.existsSync(state.folder)]).toEqual([false, false]);
    expect(fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name)).length])).toEqual(before);
    await store.close();
  });
});
