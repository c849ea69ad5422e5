// What `changeset version` writes into each CHANGELOG.md. Whoever installs a server knows nothing of the packages that it carries:
// a change in one of them is told in the server's own changelog, in the words of its changeset.
// See https://github.com/changesets/changesets/blob/main/docs/modifying-changelog-format.md.

export async function getReleaseLine({ summary }) {
  return item(summary);
}

/** @param changesets Those of packages that the room depends on. @param dependencies All of these packages, also unchanged ones. */
export async function getDependencyReleaseLine(changesets, dependencies) {
  const changed = dependencies.filter(({ type }) => type !== 'none');
  if (changed.length === 0) return '';
  const told = changesets.map(({ summary }) => item(summary));
  const names = changed.map(({ name, newVersion }) => `${name.split('/').at(-1)} ${newVersion}`);
  return [...told, `- Carries ${names.join(', ')}.`].join('\n');
}

function item(text) {
  const [first, ...rest] = text.trim().split('\n');
  return [`- ${first}`, ...rest.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}
