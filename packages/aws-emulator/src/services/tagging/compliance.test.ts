import { sampleOrganizationsTagPolicy as policy } from '@fairway-mcp/aws-sample';
import { describe, expect, it } from 'vitest';
import { compliance } from './compliance.ts';

const right = { CostCenter: 'CC-1010', Environment: 'production', Owner: 'payments@northlake.example' };

describe('compliance', () => {
  it('accepts correct tags, and keys that the policy does not name', () => {
    expect(compliance({ type: 'ec2:instance', tags: { ...right, Colour: 'blue' } }, policy)).toMatchObject({
      ComplianceStatus: true,
      NoncompliantKeys: [],
    });
  });

  it('reports a key in the wrong case, a value that is not allowed, and a missing key that must be reported', () => {
    expect(compliance({ type: 'ec2:instance', tags: { environment: 'production', CostCenter: '1010' } }, policy)).toEqual({
      NoncompliantKeys: ['environment'],
      KeysWithNoncompliantValues: ['CostCenter'],
      MissingTagKeys: [],
      ComplianceStatus: false,
    });
    expect(compliance({ type: 's3:bucket', tags: undefined }, policy).MissingTagKeys).toEqual(['CostCenter', 'DataClassification']);
    expect(compliance({ type: 'sqs:queue', tags: {} }, policy).ComplianceStatus).toBe(true);
  });

  it('lets one star match any characters, also in the middle', () => {
    const rule = { tags: { owner: { tag_key: 'Owner', tag_value: ['team-*@example.com'] } } };
    const check = (Owner: string) => compliance({ type: 'ec2:instance', tags: { Owner } }, rule).ComplianceStatus;
    expect([check('team-a@example.com'), check('team-@example.com'), check('team@example.com'), check('a@example.com')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('requires a key on all types of a service', () => {
    const rule = { tags: { owner: { tag_key: 'Owner', report_required_tag_for: ['ec2:ALL_SUPPORTED'] } } };
    expect(compliance({ type: 'ec2:volume', tags: {} }, rule).MissingTagKeys).toEqual(['Owner']);
    expect(compliance({ type: 's3:bucket', tags: {} }, rule).MissingTagKeys).toEqual([]);
  });

  it('accepts everything without a policy', () => {
    expect(compliance({ type: 'ec2:instance', tags: {} }, undefined).ComplianceStatus).toBe(true);
  });
});
