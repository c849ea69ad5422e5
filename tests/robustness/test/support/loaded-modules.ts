/** Loaded into a server's process with `--import`: on exit it writes the URLs of all modules that were loaded to a file. */
import fs from 'node:fs';
import module from 'node:module';

const loaded: string[] = [];

module.registerHooks({
  load(url, context, next) {
    loaded.push(url);
    return next(url, context);
  },
});

process.on('exit', () => fs.writeFileSync(String(process.env.LOADED_MODULES), JSON.stringify(loaded)));
