import { expect, it } from 'vitest';
import { deduplicate } from './deduplicate.ts';
import type { Saving } from './planning.ts';

const SAVING: Saving = {
  account: '111122223333',
  region: 'eu-central-1',
  resource: 'i-01',
  resourceType: 'EC2 instance',
  action: 'Rightsize',
  current: 'm5.large',
  recommended: 'm5.medium',
  monthlySaving: 10n,
  sources: ['Cost Explorer'],
};

it('counts a resource that two recommend once, with the greater saving', () => {
  const arn = 'arn:aws:ec2:eu-central-1:111122223333:instance/i-01';
  const other = { ...SAVING, resource: arn, monthlySaving: 30n, sources: ['Cost Optimization Hub'] };
  expect(deduplicate([SAVING, other])).toEqual([{ ...other, sources: ['Cost Explorer', 'Cost Optimization Hub'] }]);
});

it('keeps resources of two accounts apart, the greatest saving first', () => {
  const other = { ...SAVING, account: '222233334444', monthlySaving: 20n };
  expect(deduplicate([SAVING, other])).toEqual([other, SAVING]);
});
