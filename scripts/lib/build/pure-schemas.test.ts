import { expect, it } from 'vitest';
import { withPlainKeys } from './pure-schemas.ts';

it('writes a key of an AWS schema out when it is a constant of the same file', () => {
  const source = 'const _xN = "xmlName";\nconst n0 = "com.amazonaws.ec2";\nvar a = [0, { [_xN]: _I, [other]: [_xN] }];';
  expect(withPlainKeys(source)).toBe(source.replace('[_xN]: _I', '"xmlName": _I'));
});
