import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startEmulatedAws, withoutDeadline } from './emulated-aws.fixture.ts';

const { signal } = withoutDeadline();

describe('doctor', () => {
  it('reports each account and each service as ok, without calling Cost Explorer', async () => {
    const emulated = await startEmulatedAws();
    const [own = '', other = ''] = emulated.organization.accounts.map(({ id }) => id);
    const findings = await emulated
      .source({ accounts: [own, other], roleArn: 'arn:aws:iam::{account}:role/FairwayReadOnly' })
      .doctor(signal);
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    const names = findings.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['aws credentials', `account ${own} ec2`, `account ${other} tagging`, 'cost explorer']));
    expect(emulated.aws.requests.some(({ service }) => service === 'ce')).toBe(false);
  });

  it('names each permission that is missing and what to allow', async () => {
    const emulated = await startEmulatedAws();
    const [own = ''] = emulated.organization.accounts.map(({ id }) => id);
    emulated.aws.faults.add({ kind: 'access_denied', operation: 'DescribeVolumes' });
    emulated.aws.faults.add({ kind: 'access_denied', operation: 'DescribeNatGateways' });
    emulated.aws.faults.add({ kind: 'access_denied', service: 'iam' });
    const findings = await emulated.source().doctor(signal);
    const failed = findings.filter(({ ok }) => !ok);
    expect(failed.map(({ name }) => name).sort()).toEqual([`account ${own} ec2`, `account ${own} iam`]);
    expect(failed[0]?.remedy).toMatch(/^Allow ec2:DescribeVolumes, ec2:DescribeNatGateways;/);
    expect(failed[1]?.remedy).toMatch(/^Allow iam:ListRoleTags;/);
  });

  it('checks configured regions against those of each account, and names the nearest one', async () => {
    const emulated = await startEmulatedAws();
    const [own = '', other = ''] = emulated.organization.accounts.map(({ id }) => id);
    const regions = ['eu-central-1', 'us-east-11', 'af-south-1'];
    const findings = await emulated
      .source({ regions, accounts: [own, other], roleArn: 'arn:aws:iam::{account}:role/FairwayReadOnly' })
      .doctor(signal);
    const failed = findings.filter(({ ok }) => !ok);
    const problem = {
      detail: 'There is no region "us-east-11". Did you mean "us-east-1"? The region af-south-1 is not enabled for this account.',
      remedy: expect.stringContaining('--regions'),
    };
    expect(failed).toEqual([
      { name: `account ${own} regions`, ok: false, ...problem },
      { name: `account ${other} regions`, ok: false, ...problem },
    ]);
  });

  it('says that configured regions were not checked when listing them is denied, which scans do not need', async () => {
    const emulated = await startEmulatedAws();
    emulated.aws.faults.add({ kind: 'access_denied', operation: 'DescribeRegions' });
    const findings = await emulated.source({ regions: ['eu-central-1'] }).doctor(signal);
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(findings.find(({ name }) => name.endsWith('regions'))?.detail).toBe(
      '1: eu-central-1. Not checked: ec2:DescribeRegions is not allowed for this identity.',
    );
  });

  it('says what to do when a role cannot be assumed', async () => {
    const emulated = await startEmulatedAws({}, { assumableRoles: [] });
    const [, other = ''] = emulated.organization.accounts.map(({ id }) => id);
    const findings = await emulated.source({ accounts: [other], roleArn: 'arn:aws:iam::{account}:role/FairwayReadOnly' }).doctor(signal);
    expect(findings.find(({ name }) => name === `account ${other}`)).toMatchObject({
      ok: false,
      remedy: expect.stringContaining('trust policy'),
    });
  });

  it('checks nothing else when the credentials are not valid', async () => {
    const emulated = await startEmulatedAws();
    emulated.aws.faults.add({ kind: 'expired_credentials' });
    const findings = await emulated.source().doctor(signal);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ name: 'aws credentials', ok: false, remedy: expect.stringContaining('aws sso login') });
    expect(findings[0]?.remedy).not.toContain('doctor');
  });

  it('names a profile that does not exist, and the nearest one', async () => {
    const emulated = await startEmulatedAws();
    const folder = mkdtempSync(join(tmpdir(), 'fairway-profile-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const config = join(folder, 'config');
    writeFileSync(config, '[profile finops]\nregion = eu-central-1\n');
    vi.stubEnv('AWS_CONFIG_FILE', config);
    const findings = await emulated.source({ profile: 'fniops' }).doctor(signal);
    expect(findings).toEqual([
      {
        name: 'aws credentials',
        ok: false,
        detail: `There is no profile "fniops" in ${config} or /dev/null. Did you mean "finops"?`,
        remedy: expect.stringMatching(/^Where this server runs, correct AWS_PROFILE .*\.$/),
      },
    ]);
  });
});

describe('health', () => {
  it('calls only STS, and does not reveal whose credentials they are', async () => {
    const emulated = await startEmulatedAws();
    const findings = await emulated.source().health(signal);
    expect(findings).toEqual([{ name: 'aws credentials', ok: true, detail: 'AWS accepts them.' }]);
    expect(Object.keys(emulated.calls())).toEqual(['sts:GetCallerIdentity']);
  });

  it('reports a failure when AWS does not answer', async () => {
    const emulated = await startEmulatedAws();
    const source = emulated.source();
    await emulated.aws.stop();
    await expect(source.health(signal)).resolves.toEqual([expect.objectContaining({ ok: false })]);
  });
});
