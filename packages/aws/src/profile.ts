import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { didYouMean } from '@fairway-mcp/validation';

/** One of the shared configuration files, with its profiles; those that set nothing are in there too. */
interface ProfileFile {
  path: string;
  /** By name, whether the profile sets anything. */
  profiles: ReadonlyMap<string, boolean>;
}

// biome-ignore lint/style/noProcessEnv: what the AWS SDK reads there itself decides which profile it looks for, and where.
const SDK_ENVIRONMENT = process.env;

/**
 * Why the profile of this name can give no credentials, as a sentence: it does not exist, or it is empty. `undefined` when it sets anything,
 * or when none is named. Reads the names of profiles only, never what they set.
 */
export async function profileProblem(profile: string | undefined): Promise<string | undefined> {
  const { AWS_PROFILE, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = SDK_ENVIRONMENT;
  const name = profile ?? AWS_PROFILE;
  if (!name) return undefined;
  const files = [
    await readProfiles(AWS_CONFIG_FILE || join(homedir(), '.aws', 'config'), /^(?:profile\s+(.+)|(default))$/),
    await readProfiles(AWS_SHARED_CREDENTIALS_FILE || join(homedir(), '.aws', 'credentials'), /^(.+)$/),
  ];
  const places = files.map(({ path }) => shortened(path)).join(' or ');
  const known = files.filter(({ profiles }) => profiles.has(name));
  if (known.some(({ profiles }) => profiles.get(name))) return undefined;
  if (known.length > 0) return `The profile "${name}" in ${known.map(({ path }) => shortened(path)).join(' and ')} is empty.`;
  const others = files.flatMap(({ profiles }) => [...profiles.keys()]);
  return `There is no profile "${name}" in ${places}.${didYouMean(name, others)}`;
}

/** A file that cannot be read has no profiles, as for the SDK. @param heading what the heading of a profile reads between its brackets */
async function readProfiles(path: string, heading: RegExp): Promise<ProfileFile> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const profiles = new Map<string, boolean>();
  let current: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, title] = /^\s*\[([^\]]*)\]/.exec(line) ?? [];
    if (title !== undefined) {
      const [, named, other] = heading.exec(title.trim()) ?? [];
      current = (named ?? other)?.trim().replace(/^(["'])(.*)\1$/, '$2');
      if (current !== undefined && !profiles.has(current)) profiles.set(current, false);
    } else if (current !== undefined && /^\s*[^#;=\s][^=]*=\s*\S/.test(line)) {
      profiles.set(current, true);
    }
  }
  return { path, profiles };
}

/** As users write it: `~/.aws/config`. */
function shortened(path: string): string {
  const home = homedir();
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
