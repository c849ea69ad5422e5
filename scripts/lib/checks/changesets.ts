import fs from 'node:fs';
import path from 'node:path';
import { allWorkspaces, root } from '../workspace.ts';
import type { Check } from './check.ts';

/** Each changeset names existing packages, a bump for each, and what has changed for users. */
export const changesetsCheck: Check = {
  name: 'changesets',
  async run() {
    const folder = path.join(root, '.changeset');
    const files = fs.readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md');
    const names = allWorkspaces().map(({ manifest }) => manifest.name);
    const problems = files.flatMap((file) =>
      changesetProblems(fs.readFileSync(path.join(folder, file), 'utf8'), names).map((problem) => `.changeset/${file}: ${problem}`),
    );
    return { problems };
  },
};

/** What is wrong with the text of one changeset. */
export function changesetProblems(text: string, names: readonly string[]): string[] {
  const [, front, summary] = /^---\n([\s\S]*?)---\n([\s\S]*)$/.exec(text) ?? [];
  if (front === undefined || summary === undefined) return ['must begin with a front matter between two lines of "---"'];
  const lines = front.split('\n').filter((line) => line.trim() !== '');
  const problems = lines.flatMap((line) => {
    const [, name, bump] = /^["'](.+)["']: *(\w+)$/.exec(line) ?? [];
    if (name === undefined || bump === undefined) return [`"${line}" must be "package": patch, minor or major`];
    if (!names.includes(name)) return [`there is no package "${name}"`];
    return ['patch', 'minor', 'major'].includes(bump) ? [] : [`"${bump}" must be patch, minor or major`];
  });
  return summary.trim() === '' ? [...problems, 'does not say what has changed'] : problems;
}
