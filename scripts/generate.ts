/**
 * `npm run generate`: writes what follows from the servers' definitions: `registry.json`, each `server.json`, the definitions of
 * the tools as models see them, the tables in the READMEs. `npm run generate -- --check` writes nothing, and fails when a file is not as it would be written.
 */
import fs from 'node:fs';
import path from 'node:path';
import { generatedFiles, isFresh } from './lib/generate/files.ts';
import { command, say } from './lib/terminal.ts';
import { root } from './lib/workspace.ts';

command(async () => {
  const isCheck = process.argv.includes('--check');
  const files = await generatedFiles(new Date());
  const problems = files.flatMap((file) => ('problem' in file ? [`${file.file} ${file.problem}.`] : []));
  const stale = files.flatMap((file) => ('content' in file && !isFresh(file) ? [file] : []));
  for (const { file, content } of stale) {
    if (isCheck) problems.push(`${file} is not as its definition says: run "npm run generate" and commit the result.`);
    else {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), content);
      say(`Wrote ${file}`);
    }
  }
  for (const problem of problems) say(problem);
  if (problems.length === 0) say(`${files.length} generated files are fresh.`);
  return problems.length === 0 ? 0 : 1;
});
