/** A copy that is restored, verified and lets in service, on a stand-in for AWS. Terraform is a program that writes down what it is asked. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackupClient, CreateBackupVaultCommand } from '@aws-sdk/client-backup';
import { DescribeTableCommand, ListTagsOfResourceCommand } from '@aws-sdk/client-dynamodb';
import { CreateDBInstanceCommand, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { migrationKey } from '../modules/stacks/state.ts';
import { archives } from '../modules/testing/synthesized.ts';
import { adoptable } from './operate/adopt/kinds.ts';
import { openClients } from './operate/clients.ts';
import { noteMigration } from './operate/migrate/migrated.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { openOperated } from './operate/operated.ts';
import { makeCopy } from './operate/restore/keep.ts';
import { keptTables } from './operate/restore/kept.ts';
import { copyLabel, copyName } from './operate/restore/names.ts';
import { stepsToService, stepToDiscard } from './operate/restore/next-steps.ts';
import { copyOf } from './operate/restore/open.ts';
import { nameBefore, takeOver } from './operate/restore/take-over.ts';
import { runningNames } from './operate/running.ts';
import { openTerraform } from './platform/terraform.ts';
import { openWorkspace } from './platform/workspace.ts';
import { restore } from './restore.ts';

const region = 'us-east-1';
const label = copyLabel('restored', new Date());
const pace = { everyMs: 1, patienceMs: 5000 };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'restore-'));
  const program = join(folder, 'terraform');
  await writeFile(
    program,
    `#!/bin/sh
echo "$@" >> ${join(folder, 'asked')}
case "$*" in
  *version*) echo '{"terraform_version":"1.12.0"}' ;;
  *"state list"*) printf 'aws_dynamodb_table.table_operations\\naws_dynamodb_table.table_people\\naws_db_instance.database\\naws_s3_bucket.bucket_archive\\n' ;;
esac
`,
  );
  await chmod(program, 0o755);
});
beforeEach(() => writeFile(join(folder, 'asked'), ''));
afterAll(() => rm(folder, { recursive: true }));
const asked = async (what: string) =>
  (await readFile(join(folder, 'asked'), 'utf8')).split('\n').filter((line) => line.includes(what));

describe('of tables', () => {
  const environment = 'examples/startup/prod';
  const standIn = onStandIn(environment);
  const run = (args: readonly string[], more: Parameters<typeof standIn.run>[2] = {}) =>
    standIn.run(restore, ['--environment', environment, ...args], more);
  const report = () => JSON.parse(standIn.lines.at(-1) ?? '');
  const now = (ahead = 1000) => new Date(Date.now() + ahead).toISOString().replace(/\.\d+/, '');
  let kept: Awaited<ReturnType<typeof keptTables>>;
  beforeEach(async () => {
    kept = await keptTables(standIn, environment);
  });
  afterEach(() => kept.tables.close());

  it('stays, is verified, and names each step into service and back', async () => {
    const before = await kept.tableNames();
    const { deployment } = kept;
    const { of, close } = openClients(region, standIn.url());
    const copy = copyOf({ deployment, client: of, label, pace });
    const props = { deployment, client: of, to: undefined, since: undefined, oldKeys: [] };
    const made = await makeCopy(standIn.hostWith(), copy, props, new AbortController().signal);
    close();
    expect(made).toMatchObject({ faults: [], audit: { partitions: 2, records: 3, breaks: [] } });
    expect((await kept.tableNames()).toSorted()).toEqual([...before, ...copy.names].toSorted());
    const next = { deployment, environment, file: 'environments/examples/startup/prod.tfvars', label };
    expect(stepsToService(next)).toEqual([
      `npm run maintenance -- --environment ${environment} on --region ${region}`,
      `npm run restore -- --environment ${environment} --region ${region} --take-over ${label}`,
      `environments/examples/startup/prod.tfvars: table_prefix = "${kept.store.prefix}${label}-"`,
      expect.stringContaining(`npm run plan -- --environment ${environment}`),
      `npm run deploy -- --environment ${environment}`,
      `npm run doctor -- --environment ${environment}`,
      `npm run maintenance -- --environment ${environment} off --region ${region}`,
    ]);
    expect(stepToDiscard(next)).toBe(
      `npm run restore -- --environment ${environment} --region ${region} --discard ${label}`,
    );
  });

  it('is made of what AWS Backup kept, further back than a moment, and says what is not there', async () => {
    const { of, close } = openClients(region, standIn.url());
    const before = await kept.tableNames();
    expect(await run(['--backup', now(0), '--yes'])).toBe(1);
    expect(standIn.said()).toContain(`There is no vault ${kept.deployment.names.with(region)} in this region`);
    const vault = { BackupVaultName: kept.deployment.names.with(region) };
    await of(BackupClient, region).send(new CreateBackupVaultCommand(vault));
    expect(await run(['--backup', '2020-01-31T06:00Z', '--yes'])).toBe(1);
    expect(standIn.said()).toContain('has no finished backup of');
    expect(await kept.tableNames()).toEqual(before);
    standIn.forget();
    // A moment is named by its second, and the tables may have been made in this one.
    await sleep(1000 - (Date.now() % 1000));
    expect(await run(['--backup', now(0), '--yes', '--json'])).toBe(0);
    expect(report()).toMatchObject({ outcome: 'restored', faults: [], audit: { records: 3, breaks: [] } });
    expect((await kept.tableNames()).toSorted()).toEqual([...before, ...report().names].toSorted());
    // A job that AWS cannot finish leaves nothing behind.
    const origin = { kind: 'recovery-points', of: kept.deployment, until: new Date() } as const;
    const taken = copyOf({ deployment: kept.deployment, client: of, label, pace, origin });
    await expect(taken.make((await taken.window()).to, new AbortController().signal)).rejects.toThrow(
      'was not restored: Table already exists',
    );
    close();
  });

  it('leaves nothing when it is interrupted, and is not begun for a moment that cannot be', async () => {
    const before = await kept.tableNames();
    const { of, close } = openClients(region, standIn.url());
    const copy = copyOf({ deployment: kept.deployment, client: of, label, pace });
    const props = { deployment: kept.deployment, client: of, to: undefined, since: undefined, oldKeys: [] };
    await expect(makeCopy(standIn.hostWith(), copy, props, AbortSignal.abort(new Error('stopped')))).rejects.toThrow(
      'stopped',
    );
    close();
    expect(await run(['--to', '2020-01-31T06:00Z', '--yes'])).toBe(1);
    expect(standIn.said()).toContain('cannot be restored: only what was between');
    for (const [args, says] of [
      [['--since', 'nowhere.json'], '--since nowhere.json cannot be read: ENOENT'],
      [['--since', 'package.json'], '--since package.json is not a report of audit:verify'],
      [['--since', 'README.md'], '--since README.md is not a report'],
      [['--old-key-file', 'nowhere.key'], '--old-key-file nowhere.key cannot be read: ENOENT'],
      [['--old-key-file', '/dev/null'], '--old-key-file /dev/null is empty'],
    ] as const) {
      expect(await run(['--to', new Date().toISOString().replace(/\.\d+/, ''), '--yes', ...args])).toBe(1);
      expect(standIn.said()).toContain(says);
      expect(standIn.said()).not.toContain('    at ');
    }
    expect(await kept.tableNames()).toEqual(before);
  });

  it('takes over: it gets the tags that a plan imports by, and Terraform forgets the tables of before', async () => {
    const { deployment, client, store } = kept;
    const { of, close } = openClients(region, standIn.url());
    const copy = copyOf({ deployment, client: of, label, pace });
    await copy.make((await copy.window()).to, new AbortController().signal);
    const TableName = `${store.prefix}${label}-operations`;
    expect(await adoptable.aws_dynamodb_table?.find(region, TableName)).toEqual({ id: TableName, tags: {} });
    const host = standIn.hostWith({ env: { ...process.env, TERRAFORM_BINARY_NAME: join(folder, 'terraform') } });
    const workspace = await openWorkspace(host, { environment, out: join(folder, 'out'), archives });
    const terraform = await openTerraform(host, workspace);
    const { state_bucket: Bucket, state_region } = deployment.settings;
    const s3 = of(S3Client, state_region);
    await s3.send(new CreateBucketCommand({ Bucket }));
    await noteMigration(deployment, { taskDefinition: 'service:1', task: 't' }, new Date());
    const noted = async () => (await s3.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key);
    expect(await noted()).toEqual([migrationKey(deployment)]);
    const forgotten = await takeOver(host, { deployment, client: of, label, pace, workspace, terraform });
    // The copy may be older than what the last migration brought about.
    expect(await noted()).toBeUndefined();
    close();
    expect(forgotten).toContain('aws_dynamodb_table.table_operations');
    expect((await asked('state rm'))[0]).toContain(
      'aws_dynamodb_table.table_operations aws_dynamodb_table.table_people',
    );
    expect((await asked('state rm')).join()).not.toContain('bucket_archive');
    const { Project, Environment } = (await adoptable.aws_dynamodb_table?.find(region, TableName))?.tags ?? {};
    expect([Project, Environment]).toEqual([deployment.settings.project_name, deployment.settings.environment]);
    const { Table } = await client.send(new DescribeTableCommand({ TableName: `${store.prefix}operations` }));
    expect(Table?.TableStatus).toBe('ACTIVE');
    expect((await client.send(new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn }))).Tags ?? []).toEqual([]);
  });

  it.each([
    [[], 'Say one of --to TIME'],
    [['--to', now(), '--discard', label], 'Say one of --to TIME'],
    [['--copied-from', 'staging', '--discard', label], '--copied-from goes with --to or --backup'],
    [['--take-over', 'operations'], 'is the label of a copy, such as restored-20261130'],
    [['--to', '2100-01-01T00:00Z'], 'is in the future'],
  ])('refuses %j', async (args, said) => {
    expect(await run([...args, '--yes'])).toBe(64);
    expect(standIn.said()).toContain(said);
  });

  it('is deleted when asked to, and no other table with it', async () => {
    const before = await kept.tableNames();
    const { of, close } = openClients(region, standIn.url());
    const copy = copyOf({ deployment: kept.deployment, client: of, label, pace });
    await copy.make((await copy.window()).to, new AbortController().signal);
    close();
    expect(await run(['--discard', label, '--dry-run'])).toBe(2);
    expect(await run(['--discard', label, '--yes', '--json'])).toBe(0);
    expect(report().names).toEqual(copy.names);
    expect(await kept.tableNames()).toEqual(before);
    expect(await run(['--discard', label, '--yes'])).toBe(1);
    expect(standIn.said()).toContain(`There is no copy ${label}.`);
  });
});

describe('of a database', () => {
  const environment = 'examples/startup/staging';
  const standIn = onStandIn(environment);
  const rds = () => new RDSClient({ region });
  const make = (DBInstanceIdentifier: string, MasterUsername: string) =>
    rds().send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier,
        MasterUsername,
        Engine: 'postgres',
        DBInstanceClass: 'db.t3.micro',
        AllocatedStorage: 20,
        ManageMasterUserPassword: true,
      }),
    );
  const owners = async () =>
    Object.fromEntries(
      ((await rds().send(new DescribeDBInstancesCommand({}))).DBInstances ?? []).map((each) => [
        each.DBInstanceIdentifier,
        each.MasterUsername,
      ]),
    );

  it('takes over the name of the database, which stays under another; a second time changes nothing', async () => {
    const host = standIn.hostWith({ env: { ...process.env, TERRAFORM_BINARY_NAME: join(folder, 'terraform') } });
    const [deployment] = (await openOperated(host, { environment })).deployments;
    if (deployment === undefined) throw new Error('no region');
    const database = runningNames(deployment).database;
    await make(database, 'present');
    await make(copyName(database, label), 'restored');
    const { of, close } = openClients(region, standIn.url());
    const workspace = await openWorkspace(host, { environment, out: join(folder, 'out'), archives });
    const props = { deployment, client: of, label, pace, workspace, terraform: await openTerraform(host, workspace) };
    for (const _ of ['once', 'again']) {
      expect(await takeOver(host, props)).toContain('aws_db_instance.database');
      expect(await owners()).toEqual({ [database]: 'restored', [nameBefore(database, label)]: 'present' });
    }
    close();
    expect((await asked('state rm'))[0]).toContain('aws_db_instance.database');
    expect(await adoptable.aws_db_instance?.find(region, database)).toMatchObject({ id: database });
  });
});
