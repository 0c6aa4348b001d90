/** A database that is restored into a copy and verified there: RDS on a stand-in, its rows on a real PostgreSQL. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackupClient, CreateBackupVaultCommand } from '@aws-sdk/client-backup';
import { CreateSecurityGroupCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  CreateDBSnapshotCommand,
  CreateDBSubnetGroupCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  StartDBInstanceAutomatedBackupsReplicationCommand,
} from '@aws-sdk/client-rds';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import { repository } from '../../../modules/testing/synthesized.ts';
import { openAuditLog } from '../../../service/src/audit/log.ts';
import { hmac } from '../../../service/src/audit/mac.ts';
import { deriveSecrets } from '../../../service/src/auth/secrets.ts';
import { openPostgres } from '../../../service/src/stores/postgres/server.ts';
import { startPostgres } from '../../../service/test/servers/postgres.ts';
import { describeWith } from '../../../service/test/servers/programs.ts';
import type { TestServer } from '../../../service/test/servers/server.ts';
import { backupVerify } from '../../backup-verify.ts';
import { doctor } from '../../doctor.ts';
import { makeNetwork } from '../../emulator/balancer.ts';
import { restore } from '../../restore.ts';
import { type ClientOf, openClients } from '../clients.ts';
import { onStandIn } from '../on-stand-in.ts';
import { openOperated } from '../operated.ts';
import { rehearse, step } from '../rehearsal.ts';
import { runningNames } from '../running.ts';
import { wantedValues } from '../secrets/wanted.ts';
import { copyLabel } from './names.ts';
import { copyOf } from './open.ts';

const region = 'us-east-1';
const environment = 'examples/startup/staging';
const ENCRYPTION_KEY = 'a key for tests, long enough to be one';
const standIn = onStandIn(environment);
const rds = () => new RDSClient({ region });
const instances = async () => (await rds().send(new DescribeDBInstancesCommand({}))).DBInstances ?? [];
const pace = { everyMs: 1, patienceMs: 10_000 };
const deploymentHere = async () => {
  const [deployment] = (await openOperated(standIn.hostWith(), { environment })).deployments;
  if (deployment === undefined) throw new Error('no region');
  return deployment;
};
let name: string;
let groups: string[];

/** As Terraform makes it, with a key beside it. */
beforeEach(async () => {
  const deployment = await deploymentHere();
  name = runningNames(deployment).database;
  const ec2 = new EC2Client({ region });
  const { vpc: VpcId, subnets } = await makeNetwork(region);
  const group = await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: 'db', Description: 'db' }));
  groups = [group.GroupId ?? ''];
  const about = 'of a test';
  await rds().send(
    new CreateDBSubnetGroupCommand({
      DBSubnetGroupName: name,
      DBSubnetGroupDescription: about,
      SubnetIds: [...subnets],
    }),
  );
  const family = { DBParameterGroupFamily: 'postgres17', Description: about };
  await rds().send(new CreateDBParameterGroupCommand({ DBParameterGroupName: `${name}-17`, ...family }));
  await rds().send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: name,
      DBName: 'countersign',
      Engine: 'postgres',
      DBInstanceClass: 'db.t3.micro',
      AllocatedStorage: 20,
      MasterUsername: 'owner',
      ManageMasterUserPassword: true,
      BackupRetentionPeriod: 7,
      MultiAZ: true,
      DBSubnetGroupName: name,
      VpcSecurityGroupIds: groups,
      DBParameterGroupName: `${name}-17`,
    }),
  );
  const wanted = wantedValues(deployment).find(({ readBy }) => readBy.includes('ENCRYPTION_KEY'));
  const SecretString = wanted?.key === undefined ? ENCRYPTION_KEY : JSON.stringify({ [wanted.key]: ENCRYPTION_KEY });
  const Name = deployment.names.secret(wanted?.secret ?? '');
  await new SecretsManagerClient({ region }).send(new CreateSecretCommand({ Name, SecretString }));
});

const place = {
  DBSubnetGroupName: () => name,
  VpcSecurityGroupIds: () => groups,
  DBParameterGroupName: () => `${name}-17`,
  DBInstanceClass: () => 'db.t3.micro',
  PubliclyAccessible: () => false,
  MultiAZ: () => false,
  ManageMasterUserPassword: () => true,
};

it('is not made of a snapshot of another database', async () => {
  const other = `${name}-qa`;
  const like = { Engine: 'postgres', DBInstanceClass: 'db.t3.micro', AllocatedStorage: 20 };
  const owner = { MasterUsername: 'owner', MasterUserPassword: 'of-a-test' };
  for (const DBInstanceIdentifier of [other, `${name}-before-20261130`])
    await rds().send(new CreateDBInstanceCommand({ DBInstanceIdentifier, ...like, ...owner }));
  await rds().send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: other, DBSnapshotIdentifier: 'theirs' }));
  const own = { DBInstanceIdentifier: `${name}-before-20261130`, DBSnapshotIdentifier: 'ours' };
  await rds().send(new CreateDBSnapshotCommand(own));
  const { of: client, close } = openClients(region, standIn.url());
  const about = { deployment: await deploymentHere(), client, label: 'restored-20261130', pace };
  await expect(copyOf({ ...about, origin: { kind: 'snapshot', id: 'theirs' } }).window()).rejects.toThrow(
    `theirs is a snapshot of ${other}`,
  );
  expect(await copyOf({ ...about, origin: { kind: 'snapshot', id: 'ours' } }).window()).toHaveProperty('from');
  close();
});

it.each(['moment', 'snapshot'] as const)(
  'of a %s stands where the database stands, with its parameters',
  async (of) => {
    const snapshot = of === 'snapshot' ? 'before-17' : undefined;
    if (snapshot !== undefined)
      await rds().send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: name, DBSnapshotIdentifier: snapshot }));
    const origin = snapshot === undefined ? undefined : ({ kind: 'snapshot', id: snapshot } as const);
    const { of: open, close } = openClients(region, standIn.url());
    const asked: object[] = [];
    const client: ClientOf = (Kind, at) => {
      const made = open(Kind, at);
      if (made instanceof RDSClient && asked.length === 0)
        made.middlewareStack.add((next) => async (args) => {
          if ('ManageMasterUserPassword' in args.input) asked.push(args.input);
          return next(args);
        });
      return made;
    };
    const copy = copyOf({ deployment: await deploymentHere(), client, label: 'restore-20261130', pace, origin });
    await copy.make((await copy.window()).to, new AbortController().signal);
    // The stand-in takes over what RDS leaves at its defaults, so what was asked for is looked at too.
    expect(asked).toEqual([
      expect.objectContaining(Object.fromEntries(Object.entries(place).map(([key, value]) => [key, value()]))),
    ]);
    const [restored] = (await instances()).filter(({ DBInstanceIdentifier }) => DBInstanceIdentifier !== name);
    expect(restored).toMatchObject({
      DBInstanceIdentifier: `${name}-restore-20261130`,
      DBSubnetGroup: { DBSubnetGroupName: name },
      VpcSecurityGroups: [{ VpcSecurityGroupId: groups[0] }],
      DBParameterGroups: [{ DBParameterGroupName: `${name}-17` }],
    });
    expect(await copy.variables()).toMatchObject({
      STORE: 'postgres',
      DATABASE_NAME: 'countersign',
      DATABASE_HOST: restored?.Endpoint?.Address,
      DATABASE_SECRET_ARN: expect.stringContaining(':secret:'),
    });
    expect(await copy.remove()).toEqual([]);
    expect((await instances()).map(({ DBInstanceIdentifier }) => DBInstanceIdentifier)).toEqual([name]);
    close();
  },
);

it('is made of what AWS Backup kept, which is a snapshot of RDS', async () => {
  const deployment = await deploymentHere();
  const { of: client, close } = openClients(region, standIn.url());
  const origin = { kind: 'recovery-points', of: deployment, until: new Date(Date.now() + 1000) } as const;
  const copy = () => copyOf({ deployment, client, label: 'restored-20261130', pace, origin });
  await expect(copy().window()).rejects.toThrow('There is no vault');
  const BackupVaultName = deployment.names.with(region);
  await client(BackupClient, region).send(new CreateBackupVaultCommand({ BackupVaultName }));
  await expect(copy().window()).rejects.toThrow(`has no finished backup of ${name}`);
  const kept = { DBInstanceIdentifier: name, DBSnapshotIdentifier: 'awsbackup-job-1' };
  await rds().send(new CreateDBSnapshotCommand(kept));
  const made = copy();
  await made.make((await made.window()).to, new AbortController().signal);
  const names = (await instances()).map(({ DBInstanceIdentifier }) => DBInstanceIdentifier);
  expect(names).toEqual([name, `${name}-restored-20261130`]);
  close();
});

describe('of a region that failed', () => {
  const here = 'us-west-2';
  const from = 'examples/startup/staging';
  /** Both environments, the second one's region being where the first copies its backups. */
  const twoEnvironments = async () => {
    const root = await mkdtemp(join(tmpdir(), 'restore-root-'));
    const settings = await readFile(join(repository, `environments/${from}.tfvars`), 'utf8');
    await mkdir(join(root, 'environments'));
    await writeFile(join(root, 'environments/prod.tfvars'), `${settings}\ndb_copy_region = "${here}"\n`);
    // Another prefix, because names of IAM have no region.
    const moved = `${settings.replaceAll('us-east-1', here)}\nname_prefix = "startup-west"\n`;
    await writeFile(join(root, 'environments/moved.tfvars'), moved);
    return root;
  };

  it('is made where RDS copied its backups to, beside the empty database of a new environment', async () => {
    const root = await twoEnvironments();
    const there = new RDSClient({ region: here });
    const empty = { Engine: 'postgres', DBInstanceClass: 'db.t3.micro', AllocatedStorage: 20, MasterUsername: 'new' };
    const [deployment] = (await openOperated(standIn.hostWith({ root }), { environment: 'moved' })).deployments;
    if (deployment === undefined) throw new Error('no region');
    const own = runningNames(deployment).database;
    await there.send(
      new CreateDBInstanceCommand({ DBInstanceIdentifier: own, ...empty, ManageMasterUserPassword: true }),
    );
    const args = ['--environment', 'moved', '--copied-from', 'prod', '--yes', '--json'];
    const env = { ...process.env, DATABASE_TLS: 'off', DATABASE_HOST: '127.0.0.1', DATABASE_PORT: '1' };
    expect(await standIn.run(restore, args, { root, env })).toBe(1);
    expect(standIn.said()).toContain(`No backups of ${name} in us-east-1 are copied here yet`);
    const SourceDBInstanceArn = (await instances())[0]?.DBInstanceArn;
    await there.send(new StartDBInstanceAutomatedBackupsReplicationCommand({ SourceDBInstanceArn }));
    standIn.forget();
    // It is there, and cannot be read from here.
    expect(await standIn.run(restore, args, { root, env })).toBe(2);
    const { names, label } = JSON.parse(standIn.lines.at(-1) ?? '');
    expect(names).toEqual([`${own}-${label}`]);
    const made = (await there.send(new DescribeDBInstancesCommand({}))).DBInstances ?? [];
    // The empty one is as it was, and the copy has the rows of the region that failed.
    expect(made.map((each) => [each.DBInstanceIdentifier, each.MasterUsername])).toEqual([
      [own, 'new'],
      [names[0], 'owner'],
    ]);
    await rm(root, { recursive: true });
  });

  it('is refused where the other environment copies nothing, or keeps its rows elsewhere', async () => {
    const root = await twoEnvironments();
    const run = (...args: string[]) => standIn.run(restore, ['--environment', 'prod', '--yes', ...args], { root });
    expect(await run('--copied-from', 'moved')).toBe(1);
    expect(standIn.said()).toContain('moved copies no backups to us-east-1: its db_copy_region is not set.');
    expect(await run('--copied-from', 'moved', '--backup', '2026-11-01T00:00Z')).toBe(1);
    expect(standIn.said()).toContain('its backup_region is not set.');
    await rm(root, { recursive: true });
  });
});

it('that cannot be reached fails, and is taken away', async () => {
  const nowhere = { ...process.env, DATABASE_HOST: '127.0.0.1', DATABASE_PORT: '1', DATABASE_TLS: 'off' };
  expect(await standIn.run(backupVerify, ['--environment', environment, '--yes'], { env: nowhere })).toBe(1);
  expect(standIn.said()).toContain('The database of DATABASE_HOST cannot be used');
  expect((await instances()).map(({ DBInstanceIdentifier }) => DBInstanceIdentifier)).toEqual([name]);
});

await describeWith(['initdb', 'postgres'], 'with rows', () => {
  let server: TestServer;
  const sql = async (text: string) => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  beforeAll(async () => {
    server = await startPostgres();
    // The stand-in calls every owner so.
    await sql('create role admin superuser login');
    await sql('create database countersign owner admin');
    const tables = await openPostgres({ url: server.url.replace(/postgres$/, 'countersign') });
    const keys = [hmac(deriveSecrets(ENCRYPTION_KEY).auditKey)] as const;
    const log = openAuditLog({ tables, now: () => new Date(), retentionDays: 730, keys });
    for (const userId of ['ada', 'ada', 'grace'])
      await log.append({ userId, correlationId: 'c', tool: 't', action: 'read', result: 'success' });
    await tables.close();
  });
  afterAll(() => server?.stop());

  it('and what the runbook of an upgrade names are rehearsed', async () => {
    await rds().send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: name, DBSnapshotIdentifier: 'before-17' }));
    const tunnel = { DATABASE_HOST: '127.0.0.1', DATABASE_PORT: new URL(server.url).port, DATABASE_TLS: 'off' };
    const env = { ...process.env, ...tunnel };
    const on = ['--environment', environment];
    const label = copyLabel('restored', new Date());
    await rehearse(
      'upgrade-database.md',
      [
        step('restore --snapshot', [0], () =>
          standIn.run(restore, [...on, '--snapshot', 'before-17', '--yes'], { env }),
        ),
        step('restore --discard', [0], () => standIn.run(restore, [...on, '--discard', label, '--yes'], { env })),
        step('doctor', [0, 1, 2], () => standIn.run(doctor, on)),
      ],
      standIn,
    );
  });

  it.each([
    ['a moment', async () => [] as string[]],
    [
      'a snapshot',
      async () => {
        await rds().send(
          new CreateDBSnapshotCommand({ DBInstanceIdentifier: name, DBSnapshotIdentifier: 'before-17' }),
        );
        return ['--snapshot', 'before-17'];
      },
    ],
  ])('of %s is verified and counted, and is taken away', async (_, more) => {
    // What a tunnel would lead to.
    const tunnel = { DATABASE_HOST: '127.0.0.1', DATABASE_PORT: new URL(server.url).port, DATABASE_TLS: 'off' };
    const env = { ...process.env, ...tunnel };
    const args = ['--environment', environment, '--yes', '--json', ...(await more())];
    expect(await standIn.run(backupVerify, args, { env })).toBe(0);
    expect(JSON.parse(standIn.lines.at(-1) ?? '')).toMatchObject({
      heads: { ada: { sequence: 2 }, grace: { sequence: 1 } },
      trials: [
        {
          names: [`${name}-${copyLabel('restore', new Date())}`],
          audit: { partitions: 2, records: 3, breaks: [] },
          tables: expect.arrayContaining([{ table: 'audit-logs', copied: 3 }]),
          faults: [],
        },
      ],
    });
    expect((await instances()).map(({ DBInstanceIdentifier }) => DBInstanceIdentifier)).toEqual([name]);
  });
});
