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
import { all, Bench, bench, NOW, ORGANIZATION, UNKIND } from '../fixture.ts';

const MANAGEMENT = { account: '111122223333', region: 'us-east-1' };
const MEMBER = '222233334444';
const world = bench({ paging: UNKIND });

describe('IAM', () => {
  const role = ORGANIZATION.principals.find(
    ({ kind, account, instanceProfile, tags }) =>
      kind === 'role' && account === MEMBER && instanceProfile !== undefined && Object.keys(tags).length > 1,
  );
  const user = ORGANIZATION.principals.find(({ kind, account }) => kind === 'user' && account === MEMBER);
  const place = { account: MEMBER, region: 'us-east-1' };

  it('knows roles and users with their tags', async () => {
    const client = world.client(IAMClient, place);
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

  it('leads from an instance profile to its role', async () => {
    const name = role?.instanceProfile?.split('/').at(-1);
    const { InstanceProfile } = await world.client(IAMClient, place).send(new GetInstanceProfileCommand({ InstanceProfileName: name }));
    expect(InstanceProfile?.Roles?.map(({ Arn }) => Arn)).toEqual([role?.arn]);
  });

  it('tells the account alias, and what it does not know', async () => {
    const client = world.client(IAMClient, place);
    expect((await client.send(new ListAccountAliasesCommand({}))).AccountAliases).toEqual(['northlake-production']);
    await expect(client.send(new GetRoleCommand({ RoleName: 'nobody' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      $metadata: { httpStatusCode: 404 },
    });
  });
});

async function assume(shared: Bench, input: Partial<ConstructorParameters<typeof AssumeRoleCommand>[0]> = {}) {
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
  it('takes any key for the management account', async () => {
    const credentials = { accessKeyId: 'AKIAANYBODY', secretAccessKey: 'x' };
    const identity = await world.client(STSClient, MANAGEMENT, { credentials }).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      Account: MANAGEMENT.account,
      Arn: expect.stringContaining(`arn:aws:iam::${MANAGEMENT.account}:user/`),
    });
  });

  it("hands out keys of the role's account, for the time asked", async () => {
    const { credentials, Expiration } = await assume(world, { DurationSeconds: 900 });
    const identity = await world.client(STSClient, MANAGEMENT, { credentials }).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({ Account: MEMBER, Arn: `arn:aws:sts::${MEMBER}:assumed-role/reader/scan` });
    expect(identity.UserId).toMatch(/^AROA[A-Z2-7]{17}:scan$/);
    expect(Expiration).toEqual(new Date(NOW + 900_000));
  });

  it('refuses a session key with another token', async () => {
    const { credentials } = await assume(world);
    const client = world.client(STSClient, MANAGEMENT, { credentials: { ...credentials, sessionToken: 'other' } });
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });

  it('refuses roles outside of the organization, and bad requests', async () => {
    await expect(assume(world, { RoleArn: 'arn:aws:iam::999999999999:role/reader' })).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    await expect(assume(world, { RoleArn: 'reader' })).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(assume(world, { DurationSeconds: 60 })).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(assume(world, { RoleSessionName: 'with space' })).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('asks for the external id and the right role, and does not say which was wrong', async () => {
    const strict = new Bench();
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

  it('lets credentials run out', async () => {
    let now = NOW;
    const clocked = new Bench();
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
