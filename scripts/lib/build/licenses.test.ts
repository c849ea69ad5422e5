import { describe, expect, it } from 'vitest';
import { licenseSection } from './licenses.ts';

describe('the licence of a package without a licence file', () => {
  it('is the section under the heading "License" in its README', () => {
    const page = '# pg-types\n\n## use\n\nx\n\n## License\n\nMIT, by Ann.\n\nFree of charge.\n\n## Credits\n\ny\n';
    expect(licenseSection(page)).toBe('MIT, by Ann.\n\nFree of charge.');
    expect(licenseSection('# x\n\n### Licence\nMIT')).toBe('MIT');
    expect(licenseSection('# x\n\nThe license is MIT.\n')).toBeUndefined();
  });
});
