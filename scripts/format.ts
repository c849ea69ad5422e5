/** `npm run format`: writes the formatting and the safe lint fixes of the whole tree. */
import { spawnSync } from 'node:child_process';

process.exitCode = spawnSync('biome', ['check', '--write', '.'], { stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1;
