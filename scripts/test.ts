/**
 * `npm test [WORKSPACE...]`: the quick tests of every workspace, or of the named ones (`npm test kit tag-compliance`). What has not
 * changed since it last passed is not run again; `npm test -- --force` runs all the same.
 *
 * With CI set in the environment a skipped test is a failure.
 */
import { command } from './lib/terminal.ts';
import { runTests } from './lib/tests/run.ts';

command(() => runTests('quick', process.argv.slice(2)));
