/**
 * `npm run generate`: writes what follows from the servers' definitions: `registry.json`, each `server.json`, the definitions of
 * the tools as models see them, the tables and links in the READMEs. `npm run generate -- --check` writes nothing, and fails when
 * a file is not as it would be written, or belongs to nothing any more.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type GeneratedFile, generatedFiles, isFresh } from './lib/generate/files.ts';
import { command, say } from './lib/terminal.ts';
import { root } from './lib/workspace.ts';

const REMEDY = 'run "npm run generate" and commit the result';

command(async () => {
  const files = await generatedFiles(new Date());
  const act = process.argv.includes('--check') ? complainOf : bringUpToDate;
  const problems = files.flatMap((file) => ('problem' in file ? [`${file.file} ${file.problem}.`] : act(file)));
  for (const problem of problems) say(problem);
  if (problems.length === 0) say(`${files.length} generated files are fresh.`);
  return problems.length === 0 ? 0 : 1;
});

function complainOf(file: Exclude<GeneratedFile, { problem: string }>): string[] {
  if ('isLeftOver' in file) return [`${file.file} belongs to no definition any more: ${REMEDY}.`];
  return isFresh(file) ? [] : [`${file.file} is not as its definition says: ${REMEDY}.`];
}

function bringUpToDate(file: Exclude<GeneratedFile, { problem: string }>): string[] {
  const full = path.join(root, file.file);
  if ('isLeftOver' in file) {
    fs.rmSync(full);
    say(`Removed ${file.file}`);
  } else if (!isFresh(file)) {
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, file.content);
    say(`Wrote ${file.file}`);
  }
  return [];
}
