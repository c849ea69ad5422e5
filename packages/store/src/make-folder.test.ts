import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeFolder } from './make-folder.ts';

function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-folder-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('a folder that is made', () => {
  it('comes with those above it, for its owner only, and may be there already', () => {
    const folder = path.join(temporaryFolder(), 'a', 'b');
    makeFolder(folder);
    makeFolder(folder);
    expect(fs.statSync(folder).isDirectory()).toBe(true);
    if (process.platform !== 'win32') expect(fs.statSync(path.dirname(folder)).mode & 0o777).toBe(0o700);
  });

  it.skipIf(process.platform !== 'linux')('is refused at once where the folder above takes none', () => {
    expect(() => makeFolder('/proc/nowhere/state')).toThrow('/proc does not let the folder /proc/nowhere be made (ENOENT)');
  });

  it('is refused below a file, and where a link leads nowhere', () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'file'), '');
    expect(() => makeFolder(path.join(folder, 'file', 'a'))).toThrow(/ENOTDIR|does not let/);
    fs.symlinkSync(path.join(folder, 'nothing'), path.join(folder, 'link'));
    expect(() => makeFolder(path.join(folder, 'link', 'a'))).toThrow('does not let the folder');
  });
});
