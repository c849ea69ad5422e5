import {
  GetInstanceProfileCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListAccountAliasesCommand,
  paginateListRoleTags,
  paginateListUserTags,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { all, EmulatorHarness, IRREGULAR_PAGES, NOW, ORGANIZATION, useEmulator } from '../emulator.fixture.ts';

const MANAGEMENT = { account: '111122223333', region: 'us-east-1' };
const MEMBER = '222233334444';
const harness = useEmulator({ paging: IRREGULAR_PAGES });

describe('IAM', () => {
  const role = ORGANIZATION.principals.find(
    ({ kind, account, instanceProfile, tags }) =>
      kind === 'role' && account === MEMBER && instanceProfile !== undefined && Object.keys(tags).length > 1,
  );
  const user = ORGANIZATION.principals.find(({ kind, account }) => kind === 'user' && account === MEMBER);
  const place = { account: MEMBER, region: 'us-east-1' };

  it('returns roles and users with their tags', async () => {
    const client = harness.client(IAMClient, place);
    const { Role } = await client.send(new GetRoleCommand({ RoleName: role?.name }));
    expect(Role).toMatchObject({ Arn: role?.arn, RoleId: role?.id, CreateDate: new Date(role?.createdAt ?? '') });
    expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''))).toMatchObject({ Version: '2012-10-17' });
    const roleTags = await all(paginateListRoleTags({ client, pageSize: 1 }, { RoleName: role?.name }), ({ Tags }) => Tags);
    expect(Object.fromEntries(roleTags.map(({ Key, Value }) => [Key, Value]))).toEqual(role?.tags);
    const { User } = await client.send(new GetUserCommand({ UserName: user?.name }));
    expect(User?.Arn).toBe(user?.arn);
    const userTags = await all(paginateListUserTags({ client }, { UserName: user?.name }), ({ Tags }) => Tags);
    expect(Object.fromEntries(userTags.map(({ Key, Value }) => [Key, Value]))).toEqual(user?.tags);
  });

  it('returns the role of an instance profile', async () => {
    const name = role?.instanceProfile?.split('/').at(-1);
    const { InstanceProfile } = await harness.client(IAMClient, place).send(new GetInstanceProfileCommand({ InstanceProfileName: name }));
    expect(InstanceProfile?.Roles?.map(({ Arn }) => Arn)).toEqual([role?.arn]);
  });

  it('returns the account alias, and rejects unknown names', async () => {
    const client = harness.client(IAMClient, place);
    expect((await client.send(new ListAccountAliasesCommand({}))).AccountAliases).toEqual(['northlake-production']);
    await expect(client.send(new GetRoleCommand({ RoleName: 'nobody' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      $metadata: { httpStatusCode: 404 },
    });
  });
});

async function assume(shared: EmulatorHarness, input: Partial<ConstructorParameters<typeof AssumeRoleCommand>[0]> = {}) {
  const command = new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${MEMBER}:role/reader`, RoleSessionName: 'scan', ...input });
  const { Credentials } = await shared.client(STSClient, MANAGEMENT).send(command);
  const {
    AccessKeyId: accessKeyId = '',
    SecretAccessKey: secretAccessKey = '',
    SessionToken: sessionToken = '',
    Expiration,
  } = Credentials ?? {};
  return { credentials: { accessKeyId, secretAccessKey, sessionToken }, Expiration };
}

describe('STS', () => {
  it('accepts any access key as one of the management account', async () => {
    const credentials = { accessKeyId: 'AKIAANYBODY', secretAccessKey: 'x' };
    const identity = await harness.client(STSClient, MANAGEMENT, { credentials }).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      Account: MANAGEMENT.account,
      Arn: expect.stringContaining(`arn:aws:iam::${MANAGEMENT.account}:user/`),
    });
  });

  it("issues keys of the role's account for the requested time", async () => {
    const { credentials, Expiration } = await assume(harness, { DurationSeconds: 900 });
    const identity = await harness.client(STSClient, MANAGEMENT, { credentials }).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({ Account: MEMBER, Arn: `arn:aws:sts::${MEMBER}:assumed-role/reader/scan` });
    expect(identity.UserId).toMatch(/^AROA[A-Z2-7]{17}:scan$/);
    expect(Expiration).toEqual(new Date(NOW + 900_000));
  });

  it('rejects a session key with another token', async () => {
    const { credentials } = await assume(harness);
    const client = harness.client(STSClient, MANAGEMENT, { credentials: { ...credentials, sessionToken: 'other' } });
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });

  it('rejects roles outside of the organization, and malformed requests', async () => {
    await expect(assume(harness, { RoleArn: 'arn:aws:iam::999999999999:role/reader' })).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    await expect(assume(harness, { RoleArn: 'reader' })).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(assume(harness, { DurationSeconds: 60 })).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(assume(harness, { RoleSessionName: 'with space' })).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('requires the external id and an allowed role, and does not reveal which was wrong', async () => {
    const strict = new EmulatorHarness();
    await strict.start({ externalId: 'secret-handshake', assumableRoles: ['reader'] });
    try {
      await expect(assume(strict)).rejects.toMatchObject({ name: 'AccessDenied' });
      await expect(assume(strict, { ExternalId: 'guess' })).rejects.toMatchObject({ name: 'AccessDenied' });
      await expect(assume(strict, { ExternalId: 'secret-handshake', RoleArn: `arn:aws:iam::${MEMBER}:role/admin` })).rejects.toMatchObject({
        name: 'AccessDenied',
      });
      expect((await assume(strict, { ExternalId: 'secret-handshake' })).credentials.accessKeyId).toMatch(/^ASIA/);
    } finally {
      await strict.stop();
    }
  });

  it('rejects expired credentials', async () => {
    let now = NOW;
    const clocked = new EmulatorHarness();
    await clocked.start({ now: () => now });
    try {
      const { credentials } = await assume(clocked, { DurationSeconds: 900 });
      const iam = clocked.client(IAMClient, MANAGEMENT, { credentials });
      await iam.send(new ListAccountAliasesCommand({}));
      now += 900_000;
      await expect(iam.send(new ListAccountAliasesCommand({}))).rejects.toMatchObject({
        name: 'ExpiredToken',
        $metadata: { httpStatusCode: 403 },
      });
    } finally {
      await clocked.stop();
    }
  });
});
