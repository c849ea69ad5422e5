import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type ServerProcess, temporaryFolder } from '@fairway-mcp/testing';
import { onTestFinished } from 'vitest';

/** A place for a server's state whose room can be taken away and given back while the server runs. */
export interface Disk {
  folder: string;
  /** From now on nothing more finds room. */
  fill(server: ServerProcess): void;
  free(server: ServerProcess): void;
}

const SIZE = '4m';

/** The real thing: a file system of 4 MB in memory, filled to its last byte. Only who may mount can have one. */
export function smallDisk(): Disk {
  const folder = mounted(`size=${SIZE}`);
  const ballast = path.join(folder, 'ballast');
  return {
    folder,
    fill() {
      const file = fs.openSync(ballast, 'a');
      // In ever smaller pieces, until not even a byte fits.
      for (let piece = 2 ** 20; piece >= 1; ) {
        try {
          fs.writeSync(file, Buffer.alloc(piece));
        } catch {
          piece /= 2;
        }
      }
      fs.closeSync(file);
    },
    free: () => fs.rmSync(ballast),
  };
}

/**
 * A stand-in that can be had everywhere on Linux: the kernel's limit to the size of a file, set to zero from outside. Every write of
 * the process to a file then fails with EFBIG instead of ENOSPC or EROFS, what is open stays open, and reads go on.
 */
export function deafDisk(): Disk {
  const limit = ({ child }: ServerProcess, most: string) => execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${most}`]);
  return {
    folder: path.join(temporaryFolder(), 'state'),
    fill: (server) => void limit(server, '0:'),
    free: (server) => void limit(server, 'unlimited:'),
  };
}

/** Makes Node start on a disk that takes no write at all, in the same way. */
export const UNDER_DEAF_DISK = ['prlimit', '--fsize=0', '--'];

/** Whether this process may mount: as root, where the machine is not locked down. */
export function canMount(): boolean {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync('/tmp'), 'fairway-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    fs.rmdirSync(folder);
  }
}

/** A file system in memory that is gone when the test has ended. */
export function mounted(options: string): string {
  const folder = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}
