import { expect, it } from 'vitest';
import { baseFilters } from './attribution-filters.ts';

it('asks for what has no region by both of the names that it has in Cost Explorer', () => {
  expect(baseFilters([], ['global', 'eu-west-1'])).toContainEqual({
    Dimensions: { Key: 'REGION', Values: ['NoRegion', 'eu-west-1', 'global'] },
  });
});
