// `prepack` and `postpack` of a server, so that every way of packing it (npm pack, pnpm publish, changeset publish) does the same:
//
//   node ../../scripts/manifest.mjs strip      package.json without what was bundled into dist/
//   node ../../scripts/manifest.mjs restore    package.json as it was
//
// A server lists what it bundles under `dependencies`, so that a change in a shared package releases the servers that carry it.
// A user who installs the server must not get these packages a second time.
// Plain JavaScript: package managers run it under whatever Node they run under themselves.
import fs from 'node:fs';
import path from 'node:path';

/** What only development needs, or what dist/ contains already. */
const STRIPPED = ['dependencies', 'devDependencies', 'scripts'];

const manifest = path.resolve('package.json');
const original = path.resolve('.cache', 'package.json.original');

function strip() {
  if (!fs.existsSync(path.resolve('dist', 'main.js'))) fail('There is nothing to pack: run "npm run build" at the root first.');
  // A copy that is still there is from a packing that was interrupted: it is the real one.
  restore();
  fs.mkdirSync(path.dirname(original), { recursive: true });
  fs.copyFileSync(manifest, original);
  const kept = Object.entries(JSON.parse(fs.readFileSync(manifest, 'utf8'))).filter(([key]) => !STRIPPED.includes(key));
  fs.writeFileSync(manifest, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}

function restore() {
  if (fs.existsSync(original)) fs.renameSync(original, manifest);
}

function fail(message) {
  process.stderr.write(`fairway: ${message}\n`);
  process.exit(1);
}

if (process.argv[2] === 'strip') strip();
else if (process.argv[2] === 'restore') restore();
else fail('Say what to do with package.json: strip or restore.');
