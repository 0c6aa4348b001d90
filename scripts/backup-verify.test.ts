/** Backups that are restored, looked into and taken away again, on a stand-in for AWS. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { verificationKey } from '../modules/stacks/state.ts';
import { createDynamoTables } from '../service/src/stores/dynamodb/create.ts';
import { backupVerify } from './backup-verify.ts';
import { type ClientOf, openClients } from './operate/clients.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { openOperated } from './operate/operated.ts';
import { usualPace } from './operate/restore/copy.ts';
import { ENCRYPTION_KEY, keptTables } from './operate/restore/kept.ts';
import { copyLabel } from './operate/restore/names.ts';
import { copyOf } from './operate/restore/open.ts';
import { tryCopy } from './operate/restore/trial.ts';
import { announced } from './operate/restore/under-way.ts';
import { contentsOf } from './operate/restore/verify.ts';

const region = 'us-east-1';
const environment = 'examples/startup/prod';
const standIn = onStandIn(environment);
const run = (args: readonly string[], more: Parameters<typeof standIn.run>[2] = {}) =>
  standIn.run(backupVerify, ['--environment', environment, ...args], more);
const report = () => JSON.parse(standIn.lines.at(-1) ?? '');

let kept: Awaited<ReturnType<typeof keptTables>>;
let prefix: string;
beforeEach(async () => {
  kept = await keptTables(standIn, environment);
  prefix = kept.store.prefix;
});
afterEach(() => kept.tables.close());
const tableNames = () => kept.tableNames();

it('restores every table into a copy, verifies its audit log, counts, and leaves nothing', async () => {
  const before = await tableNames();
  expect(await run(['--yes', '--json'])).toBe(0);
  expect(report()).toMatchObject({
    environment,
    outcome: 'verified',
    heads: { ada: { sequence: 2 }, grace: { sequence: 1 } },
    trials: [
      {
        region,
        faults: [],
        audit: { partitions: 2, records: 3, breaks: [], anchor: { number: 1 } },
        tables: expect.arrayContaining([
          { table: 'audit-logs', copied: 3, now: 3, before: { copied: 3, now: 3 } },
          // Two heads and the mark.
          { table: 'audit-heads', copied: 3, now: 3 },
        ]),
      },
    ],
  });
  expect(report().trials[0].names[0]).toMatch(new RegExp(`^${prefix}restore-\\d{8}-`));
  expect(await tableNames()).toEqual(before);
});

it('reports a broken copy, and leaves nothing all the same', async () => {
  const before = await tableNames();
  const [first] = (await kept.tables.query('audit-logs', { partition: 'ada' })).items;
  if (first !== undefined) await kept.tables.put('audit-logs', { ...first, result: 'failure' });
  expect(await run(['--yes', '--json'])).toBe(1);
  expect(report().trials[0].faults).toEqual([expect.stringContaining('audit log: ada, record 1 changed')]);
  expect(await tableNames()).toEqual(before);
});

it('holds the copy against an earlier report', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backup-verify-'));
  const since = join(folder, 'report.json');
  await writeFile(since, JSON.stringify({ heads: { mary: { sequence: 7, hash: 'a'.repeat(64) } } }));
  expect(await run(['--yes', '--json', '--since', since])).toBe(1);
  expect(report().trials[0].faults).toEqual([expect.stringContaining('audit log: mary, record 7')]);
  await rm(folder, { recursive: true });
});

it('reports rows that a copy lacks from before its moment, and none from after it', async () => {
  const copied = { ...kept.store, prefix: 'copy-' };
  await createDynamoTables(copied);
  await kept.append('ada', new Date());
  const variables = { STORE: 'dynamodb', ENCRYPTION_KEY, AWS_REGION: region, DYNAMODB_ENDPOINT: standIn.url() };
  const contents = await contentsOf({
    copy: { ...variables, TABLE_PREFIX: copied.prefix },
    inService: { ...variables, TABLE_PREFIX: prefix },
    at: new Date(),
  });
  // Of four records one came within the minute before.
  expect(contents.faults).toEqual(['audit-logs: the copy has 0 rows from before that moment, and 3 are in service']);
});

/** A copy of which AWS refuses one table once the others are being made. */
const refusedCopy = async () => {
  const { deployments } = await openOperated(standIn.hostWith(), { environment });
  const [deployment] = deployments;
  if (deployment === undefined) throw new Error('no region');
  const { of } = openClients(region, standIn.url());
  const refusing: ClientOf = (Client, at) => {
    const made = of(Client, at);
    if (made instanceof DynamoDBClient)
      made.middlewareStack.add((next) => async (args) => {
        if ('TargetTableName' in args.input && String(args.input.TargetTableName).endsWith('people'))
          throw Object.assign(new Error('too many restores'), { name: 'LimitExceededException' });
        return next(args);
      });
    return made;
  };
  return {
    deployment,
    client: refusing,
    copy: copyOf({ deployment, client: refusing, label: 'restore-20261130', pace: usualPace }),
  };
};

it('leaves nothing when a restore fails in the middle', async () => {
  const before = await tableNames();
  const { copy, ...props } = await refusedCopy();
  const trial = { ...props, to: undefined, since: undefined, oldKeys: [] };
  const host = standIn.hostWith();
  await expect(tryCopy(host, copy, trial, new AbortController().signal)).rejects.toThrow('too many restores');
  expect(await tableNames()).toEqual(before);
});

it('leaves nothing when it is interrupted', async () => {
  const before = await tableNames();
  const stop = new AbortController();
  stop.abort();
  expect(await run(['--yes'], { stop: stop.signal })).toBe(1);
  expect(standIn.said()).toContain('Interrupted: putting everything back first.');
  expect(await tableNames()).toEqual(before);
});

it('leaves another’s copy alone, and deletes what a killed run left when asked to', async () => {
  const left = [`${prefix}${copyLabel('restore', new Date())}-operations`, `${prefix}restore-20200101-people`];
  const own = [`${prefix}restored-20200101-people`, `${prefix}restore-notes`];
  for (const TableName of [...left, ...own])
    await kept.client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
  expect(await run(['--yes'])).toBe(1);
  expect(standIn.said()).toContain(`${left[0]} is there already`);
  expect(await tableNames()).toEqual(expect.arrayContaining(left));
  expect(await run(['--clean', '--dry-run'])).toBe(2);
  expect(await run(['--clean', '--yes', '--json'])).toBe(0);
  expect(report().removed.toSorted()).toEqual(left.toSorted());
  const there = await tableNames();
  expect(there).toEqual(expect.arrayContaining(own));
  for (const name of left) expect(there).not.toContain(name);
  expect(await run(['--clean', '--yes'])).toBe(0);
  expect(standIn.said()).toContain('Nothing was left behind.');
});

it('does not delete the copy of a verification that runs now, but does once that is over or was killed', async () => {
  const { deployment } = kept;
  const { state_bucket: Bucket, state_region } = deployment.settings;
  const { of: client, close } = openClients(region, standIn.url());
  await client(S3Client, state_region).send(new CreateBucketCommand({ Bucket }));
  const copy = copyOf({ deployment, client, label: 'restore-20261130', pace: usualPace });
  const make = async () => copy.make((await copy.window()).to, new AbortController().signal);
  const there = async () => (await tableNames()).filter((name) => copy.names.includes(name)).length;
  const host = standIn.hostWith();
  await announced(host, { deployment, client }, copy.names, async () => {
    await make();
    expect(await run(['--clean', '--yes'])).toBe(0);
    expect(standIn.said()).toContain('Left alone, because a verification uses them since');
    expect(await there()).toBe(copy.names.length);
    // Killed: it is not heard of any more.
    const later = () => new Date(Date.now() + 16 * 60_000);
    expect(await run(['--clean', '--yes'], { now: later })).toBe(0);
    expect(await there()).toBe(0);
    await make();
  });
  expect(await run(['--clean', '--yes'])).toBe(0);
  expect(await there()).toBe(0);
  await client(S3Client, state_region).send(
    new PutObjectCommand({ Bucket, Key: verificationKey(deployment), Body: 'not JSON' }),
  );
  expect(await run(['--clean', '--yes'])).toBe(1);
  expect(standIn.said()).toContain('cannot be read. Nothing was deleted.');
  close();
});

it('makes nothing on a dry run, without an answer, and for a moment that cannot be', async () => {
  const before = await tableNames();
  expect(await run(['--dry-run'])).toBe(2);
  expect(await run([])).toBe(1);
  expect(await run(['--to', '2020-01-31T06:00Z', '--yes'])).toBe(1);
  expect(standIn.said()).toContain('2020-01-31T06:00:00.000Z cannot be restored: only what was between');
  expect(await run(['--to', '2100-01-31T06:00Z', '--yes'])).toBe(64);
  expect(await tableNames()).toEqual(before);
});
