/**
 * `npm run generate`: writes what follows from the servers' definitions: `registry.json`, each `server.json`, the definitions of
 * the tools as models see them, the tables and links in the READMEs. `npm run generate -- --check` writes nothing, and fails when
 * a file is not as it would be written, or belongs to nothing any more.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type GeneratedFile, generatedFiles, isFresh, problemOf } from './lib/generate/files.ts';
import { command, say } from './lib/terminal.ts';
import { root } from './lib/workspace.ts';

command(async () => {
  const files = await generatedFiles(new Date());
  if (!process.argv.includes('--check')) files.forEach(bringUpToDate);
  const problems = files.flatMap(problemOf);
  for (const problem of problems) say(problem);
  if (problems.length === 0) say(`${files.length} generated files are fresh.`);
  return problems.length === 0 ? 0 : 1;
});

function bringUpToDate(file: GeneratedFile): void {
  const full = path.join(root, file.file);
  if ('isLeftOver' in file) {
    fs.rmSync(full);
    say(`Removed ${file.file}`);
  } else if ('content' in file && !isFresh(file)) {
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, file.content);
    say(`Wrote ${file.file}`);
  }
}
