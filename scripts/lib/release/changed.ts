import { run } from '../shell.ts';
import { serverWorkspaces, type Workspace } from '../workspace.ts';

/** The servers by whether their present version is released. */
export interface ReleaseState {
  /** The commit that is checked out. */
  commit: string;
  /** It was not released yet. */
  changed: Workspace[];
  /** It has its tag. */
  released: Workspace[];
  /** They have never been given a version. */
  unversioned: Workspace[];
}

/** The tag of a server's present version. It names no scope, because the tag is a part of the bundle's address. */
export function tagOf({ name, manifest }: Workspace): string {
  return `${name}-v${manifest.version}`;
}

/** @throws Error when git cannot list the tags of this checkout. */
export async function findReleaseState(): Promise<ReleaseState> {
  const [commit = '', tags] = [await git('rev-parse', 'HEAD'), await git('tag', '--list')].map((text) => text.trim());
  const known = new Set(tags?.split('\n'));
  const groups = Map.groupBy(serverWorkspaces(), (workspace) => {
    if (workspace.manifest.version === '0.0.0') return 'unversioned';
    return known.has(tagOf(workspace)) ? 'released' : 'changed';
  });
  const [changed = [], released = [], unversioned = []] = (['changed', 'released', 'unversioned'] as const).map((name) => groups.get(name));
  return { commit, changed, released, unversioned };
}

async function git(...args: readonly string[]): Promise<string> {
  const { code, output } = await run('git', args, { output: 'capture' });
  if (code !== 0) throw new Error(`git cannot list what was released:\n${output}`);
  return output;
}
