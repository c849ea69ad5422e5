/**
 * `npm run test:slow [WORKSPACE...]`: the tests in files called `*.slow.test.ts`, of every workspace or of the named ones: robustness, kill loops, soak, clones of
 * this checkout. Otherwise like `npm test`.
 */
import { command } from './lib/terminal.ts';
import { runTests } from './lib/tests/run.ts';

command(() => runTests('slow', process.argv.slice(2)));
