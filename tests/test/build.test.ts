import { describe, expect, it } from 'vitest';
import { licenseSection } from '../../scripts/lib/build/licenses.ts';
import { withPlainKeys } from '../../scripts/lib/build/pure-schemas.ts';

describe('a licence without a file', () => {
  it('is what stands under its heading in the README', () => {
    const page = '# pg-types\n\n## use\n\nx\n\n## License\n\nMIT, by Ann.\n\nFree of charge.\n\n## Credits\n\ny\n';
    expect(licenseSection(page)).toBe('MIT, by Ann.\n\nFree of charge.');
    expect(licenseSection('# x\n\n### Licence\nMIT')).toBe('MIT');
    expect(licenseSection('# x\n\nThe license is MIT.\n')).toBeUndefined();
  });
});

describe('AWS schemas', () => {
  it('get plain keys where the key is a constant of their file', () => {
    const source = 'const _xN = "xmlName";\nconst n0 = "com.amazonaws.ec2";\nvar a = [0, { [_xN]: _I, [other]: [_xN] }];';
    expect(withPlainKeys(source)).toBe(source.replace('[_xN]: _I', '"xmlName": _I'));
  });
});
