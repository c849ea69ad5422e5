/**
 * `npm run format`: writes the formatting and the safe lint fixes of the whole tree.
 */
import { spawnSync } from 'node:child_process';
import { command } from './lib/terminal.ts';

command(async () => spawnSync('biome', ['check', '--write', '.'], { stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1);
