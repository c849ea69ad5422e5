import { describe, expect, it } from 'vitest';
import { withPlainKeys } from '../../scripts/lib/build/pure-schemas.ts';

describe('AWS schemas', () => {
  it('get plain keys where the key is a constant of their file', () => {
    const source = 'const _xN = "xmlName";\nconst n0 = "com.amazonaws.ec2";\nvar a = [0, { [_xN]: _I, [other]: [_xN] }];';
    expect(withPlainKeys(source)).toBe(source.replace('[_xN]: _I', '"xmlName": _I'));
  });
});
