import { describe, expect, it } from 'vitest';
import { isPermitted, licenseSection } from './licenses.ts';

describe('the licence of a package without a licence file', () => {
  it('is the section under the heading "License" in its README', () => {
    const page = '# pg-types\n\n## use\n\nx\n\n## License\n\nMIT, by Ann.\n\nFree of charge.\n\n## Credits\n\ny\n';
    expect(licenseSection(page)).toBe('MIT, by Ann.\n\nFree of charge.');
    expect(licenseSection('# x\n\n### Licence\nMIT')).toBe('MIT');
    expect(licenseSection('# x\n\nThe license is MIT.\n')).toBeUndefined();
  });
});

describe('whether a package may be part of a program', () => {
  it('is decided by its licence, and for a few packages by their name too', () => {
    expect(isPermitted('anything', 'MIT')).toBe(true);
    expect(isPermitted('@fontsource/inter', 'OFL-1.1')).toBe(true);
    expect(isPermitted('another-font', 'OFL-1.1')).toBe(false);
    expect(isPermitted('@resvg/resvg-wasm', 'GPL-3.0')).toBe(false);
    expect(isPermitted('another', 'MPL-2.0')).toBe(false);
  });
});
