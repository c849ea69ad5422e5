/** Loaded before a server's own program: when it ends, it leaves the addresses of all modules that it has loaded in a file. */
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
