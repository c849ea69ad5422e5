import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { readTextFile } from './read-text-file.ts';

describe('a file that an operator names', () => {
  it('is read up to its limit, also through a link', () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'file');
    fs.writeFileSync(file, 'ünf');
    fs.symlinkSync(file, path.join(folder, 'link'));
    expect(readTextFile(file, 4)).toBe('ünf');
    expect(readTextFile(path.join(folder, 'link'), 10)).toBe('ünf');
    expect(() => readTextFile(file, 3)).toThrow('it has more than 3 bytes');
  });

  it('is refused when it is no regular file, without waiting for its content', () => {
    const folder = temporaryFolder();
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(() => readTextFile(pipe, 10)).toThrow('a pipe or a device');
    expect(() => readTextFile('/dev/zero', 10)).toThrow('a pipe or a device');
    expect(() => readTextFile(folder, 10)).toThrow('it is a folder');
  });

  it('is named with its folder when it is not there', () => {
    const folder = temporaryFolder();
    expect(() => readTextFile(path.join(folder, 'none'), 10)).toThrow(`there is no file none in ${folder}`);
    expect(() => readTextFile(path.join(folder, 'a', 'none'), 10)).toThrow(`there is no folder ${path.join(folder, 'a')}`);
    expect(() => readTextFile('none-of-that-name', 10)).toThrow(`there is no file none-of-that-name in ${process.cwd()}`);
  });

  it.each([
    ['Latin-1', Buffer.from('a: b\nc: M\xfcller\nd: e\n', 'latin1'), 'it is not UTF-8 (line 2): save it as UTF-8'],
    ['a character that is cut off', Buffer.from('a\nb\nü').subarray(0, 5), 'it is not UTF-8 (line 3)'],
    ['UTF-16', Buffer.from('\ufeffa: b\n', 'utf16le'), 'zero bytes (UTF-16 does): save it as UTF-8'],
    ['UTF-16 without a mark', Buffer.from('a: b\n', 'utf16le'), 'zero bytes (UTF-16 does)'],
  ])('is refused when it is not UTF-8: %s', (_name, content, message) => {
    const file = path.join(temporaryFolder(), 'file');
    fs.writeFileSync(file, content);
    expect(() => readTextFile(file, 100)).toThrow(message);
  });

  it('may be one whose size the file system does not tell', () => {
    expect(readTextFile('/proc/self/status', 100_000)).toContain('Pid:');
  });
});
