import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { profileProblem } from './profile.ts';

function writeFiles(config: string, credentials = ''): { config: string; credentials: string } {
  const folder = mkdtempSync(join(tmpdir(), 'fairway-profile-'));
  const paths = { config: join(folder, 'config'), credentials: join(folder, 'credentials') };
  writeFileSync(paths.config, config);
  writeFileSync(paths.credentials, credentials);
  vi.stubEnv('AWS_CONFIG_FILE', paths.config);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', paths.credentials);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  return paths;
}

describe('a profile', () => {
  it('that does not exist is named, with the nearest one', async () => {
    const { config, credentials } = writeFiles('[default]\nregion = x\n[profile finops]\nregion = eu-central-1\n');
    expect(await profileProblem('fniops')).toBe(`There is no profile "fniops" in ${config} or ${credentials}. Did you mean "finops"?`);
  });

  it('is looked for by the name in the environment where none is set', async () => {
    writeFiles('[profile finops]\nregion = eu-central-1\n');
    vi.stubEnv('AWS_PROFILE', 'fniops');
    expect(await profileProblem(undefined)).toContain('There is no profile "fniops"');
  });

  it('that is only a heading is called empty', async () => {
    const { config } = writeFiles('[profile finops]\n# region = x\nregion =\n[default]\nregion = x\n');
    expect(await profileProblem('finops')).toBe(`The profile "finops" in ${config} is empty.`);
  });

  it.each([
    ['of the configuration file', '[profile finops]\nregion = x\n', ''],
    ['with a quoted name and spaces', '[ profile "finops" ] # ours\n  region=x\n', ''],
    ['of the credentials file', '', '[finops]\naws_access_key_id = x\n'],
    ['that both files have, where one sets something', '[profile finops]\n', '[finops]\r\naws_access_key_id = x\r\n'],
  ])('%s has no problem', async (_, config, credentials) => {
    writeFiles(config, credentials);
    expect(await profileProblem('finops')).toBeUndefined();
  });

  it('is found under a heading without "profile" in the credentials file only', async () => {
    writeFiles('[finops]\nregion = x\n');
    expect(await profileProblem('finops')).toContain('There is no profile "finops"');
  });

  it('has no problem when none is named, or when it is the default', async () => {
    writeFiles('[default]\nregion = x\n');
    vi.stubEnv('AWS_PROFILE', undefined);
    expect(await profileProblem(undefined)).toBeUndefined();
    expect(await profileProblem('default')).toBeUndefined();
  });
});
