import { describe, expect, it } from 'vitest';
import { releaseNotes } from './pack.ts';

describe('the notes of a release', () => {
  it('are the section of its version in the changelog', () => {
    const changelog = '# x\n\n## 1.10.0\n\n- Ten.\n\n## 1.1.0\n\n### Minor Changes\n\n- One.\n\n## 1.0.0\n\n- None.\n';
    expect(releaseNotes(changelog, '1.1.0')).toBe('### Minor Changes\n\n- One.');
    expect(releaseNotes(changelog, '1.2.0')).toBe('');
  });
});
