import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type ServerProcess, temporaryFolder } from '@fairway-mcp/testing';
import { onTestFinished } from 'vitest';

/** A folder for a server's state whose disk can be filled and freed while the server runs. */
export interface Disk {
  folder: string;
  /** Makes every further write fail. */
  fill(server: ServerProcess): void;
  free(server: ServerProcess): void;
}

const DISK_SIZE = '4m';

/** A real file system of 4 MB in memory, which is filled to its last byte. Needs the right to mount. */
export function smallDisk(): Disk {
  const folder = mounted(`size=${DISK_SIZE}`);
  const ballast = path.join(folder, 'ballast');
  return {
    folder,
    fill() {
      const file = fs.openSync(ballast, 'a');
      // In smaller and smaller pieces, until not even one byte fits.
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
 * Simulates a full disk on any Linux: the limit of the process to the size of its files is set to zero from outside. Every write to a
 * file then fails with EFBIG instead of ENOSPC or EROFS; open files stay open, and reads still work.
 */
export function limitedDisk(): Disk {
  const setLimit = ({ child }: ServerProcess, size: string) => execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${size}`]);
  return {
    folder: path.join(temporaryFolder(), 'state'),
    fill: (server) => void setLimit(server, '0:'),
    free: (server) => void setLimit(server, 'unlimited:'),
  };
}

/** The command to start Node under so that all writes to files fail, by the same limit. */
export const WITHOUT_WRITES = ['prlimit', '--fsize=0', '--'];

/** Whether this process may mount file systems. */
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

/** Mounts a file system in memory, which is unmounted when the test has ended. */
export function mounted(options: string): string {
  const folder = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `${options},mode=700`, 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}
