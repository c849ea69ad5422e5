import { describe, expect, it } from 'vitest';
import { nearKeys, nearValue } from './near-miss.ts';

const KNOWN = ['CostCenter', 'Environment', 'Owner', 'Application', 'Name', 'Team', 'DataClassification', 'CreatedAt', 'acme:project'];

describe('a near key', () => {
  it.each([
    ['costcenter', 'CostCenter', 'case'],
    ['COSTCENTER', 'CostCenter', 'case'],
    ['owner', 'Owner', 'case'],
    ['name', 'Name', 'case'],
    ['ACME:Project', 'acme:project', 'case'],
    ['cost-center', 'CostCenter', 'separators'],
    ['Cost Center', 'CostCenter', 'separators'],
    ['cost_center', 'CostCenter', 'separators'],
    ['Owner ', 'Owner', 'separators'],
    ['data-classification', 'DataClassification', 'separators'],
    ['CostCentre', 'CostCenter', 'typo'],
    ['costcentr', 'CostCenter', 'typo'],
    ['CsotCenter', 'CostCenter', 'typo'],
    ['Enviroment', 'Environment', 'typo'],
    ['enviornment', 'Environment', 'typo'],
    ['Environement', 'Environment', 'typo'],
    ['Evnironment', 'Environment', 'typo'],
    ['Onwer', 'Owner', 'typo'],
    ['Owners', 'Owner', 'typo'],
    ['Aplication', 'Application', 'typo'],
    ['Applicaton', 'Application', 'typo'],
    ['data-clasification', 'DataClassification', 'typo'],
    ['acme:projct', 'acme:project', 'typo'],
  ])('%s is %s (%s)', (key, meant, closeness) => {
    expect(nearKeys(key, KNOWN)[0]).toEqual({ key: meant, closeness });
  });

  it.each([
    'Game',
    'Tame',
    'Term',
    'Item',
    'Teams2',
    'Owner2',
    'Owned',
    'Power',
    'CreatedBy',
    'createdby',
    'UpdatedAt',
    'Replication',
    'Allocation',
    'CostCode',
    'CostModel',
    'Env',
    'App',
    'DataClass',
    'Project',
    'acme:product',
    'other:project',
    'kubernetes.io/name',
    'Stage',
    'OwnerEmail',
    'Environment2',
  ])('%s is a word of its own', (key) => {
    expect(nearKeys(key, KNOWN)).toEqual([]);
  });

  it.each([
    ['State', 'Stage'],
    ['Contract', 'Contact'],
    ['Scheduler', 'Schedule'],
    ['Manager', 'Managed'],
    ['Product', 'Project'],
    ['Server', 'Service'],
    ['StartDay', 'StartDate'],
    ['svc:db', 'svc:os'],
  ])('%s is not %s', (key, other) => {
    expect(nearKeys(key, [other])).toEqual([]);
  });

  it('is never a key that is known itself', () => {
    expect(nearKeys('owners', ['Owner', 'owners'])).toEqual([]);
  });

  it('names the likeliest key first', () => {
    expect(nearKeys('environment', ['Environments', 'Environment']).map(({ key }) => key)).toEqual(['Environment', 'Environments']);
  });
});

describe('a near value', () => {
  const ALLOWED = ['production', 'staging', 'development', 'test', 'data-platform', 'us-east-1', '100', 'team-*'];

  it.each([
    ['Production', 'production'],
    [' production', 'production'],
    ['prodution', 'production'],
    ['prodcution', 'production'],
    ['Stagging', 'staging'],
    ['developement', 'development'],
    ['tset', 'test'],
    ['data_platform', 'data-platform'],
    ['DataPlatform', 'data-platform'],
    ['Team-Blue', 'team-Blue'],
  ])('%s is %s', (value, meant) => {
    expect(nearValue(value, ALLOWED)).toBe(meant);
  });

  it.each(['101', '10', 'us-east-2', 'prod', 'qa', 'rest', 'west', '', 'team', 'live'])('%s is none', (value) => {
    expect(nearValue(value, ALLOWED)).toBeUndefined();
  });

  it('is not guessed when two values are equally likely', () => {
    expect(nearValue('teal', ['team', 'tear'])).toBeUndefined();
    expect(nearValue('Prod', ['prod', 'PROD'])).toBeUndefined();
  });
});
