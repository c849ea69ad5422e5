import { sampleOrganizationsTagPolicy as policy } from '@fairway-mcp/aws-sample';
import { describe, expect, it } from 'vitest';
import { compliance } from './compliance.ts';

const right = { CostCenter: 'CC-1010', Environment: 'production', Owner: 'payments@northlake.example' };

describe('compliance', () => {
  it('finds nothing wrong with right tags, and with keys that no policy names', () => {
    expect(compliance({ type: 'ec2:instance', tags: { ...right, Colour: 'blue' } }, policy)).toMatchObject({
      ComplianceStatus: true,
      NoncompliantKeys: [],
    });
  });

  it('tells a key in the wrong case, a value that is not allowed, and a key that is missing where it must be reported', () => {
    expect(compliance({ type: 'ec2:instance', tags: { environment: 'production', CostCenter: '1010' } }, policy)).toEqual({
      NoncompliantKeys: ['environment'],
      KeysWithNoncompliantValues: ['CostCenter'],
      MissingTagKeys: [],
      ComplianceStatus: false,
    });
    expect(compliance({ type: 's3:bucket', tags: undefined }, policy).MissingTagKeys).toEqual(['CostCenter', 'DataClassification']);
    expect(compliance({ type: 'sqs:queue', tags: {} }, policy).ComplianceStatus).toBe(true);
  });

  it('lets one star stand for anything, in the middle too', () => {
    const rule = { tags: { owner: { tag_key: 'Owner', tag_value: ['team-*@example.com'] } } };
    const judge = (Owner: string) => compliance({ type: 'ec2:instance', tags: { Owner } }, rule).ComplianceStatus;
    expect([judge('team-a@example.com'), judge('team-@example.com'), judge('team@example.com'), judge('a@example.com')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('asks for a key on all types of a service', () => {
    const rule = { tags: { owner: { tag_key: 'Owner', report_required_tag_for: ['ec2:ALL_SUPPORTED'] } } };
    expect(compliance({ type: 'ec2:volume', tags: {} }, rule).MissingTagKeys).toEqual(['Owner']);
    expect(compliance({ type: 's3:bucket', tags: {} }, rule).MissingTagKeys).toEqual([]);
  });

  it('has nothing to say without a policy', () => {
    expect(compliance({ type: 'ec2:instance', tags: {} }, undefined).ComplianceStatus).toBe(true);
  });
});
