import { randomBytes, randomUUID } from 'node:crypto';
import {
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { tables as contract, tableNames } from '../../../contracts/tables.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { createDynamoTables } from '../../src/stores/dynamodb/create.ts';
import { openDynamoTables } from '../../src/stores/dynamodb/tables.ts';
import { startDynalite } from '../servers/dynalite.ts';
import { startMoto } from '../servers/moto.ts';
import { describeWith, type Program } from '../servers/programs.ts';
import { startProxy, type TestProxy } from '../servers/proxy.ts';
import type { TestServer } from '../servers/server.ts';
import { tablesContract } from './tables-contract.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

const optionsFor = (endpoint: string) => ({ prefix: 'countersign-', region: 'us-east-1', endpoint });

const emulators: [string, Program[], () => Promise<TestServer>, { transactions?: false }][] = [
  ['dynalite', [], startDynalite, { transactions: false }],
  ['moto', ['moto_server'], startMoto, {}],
];

for (const [name, programs, start, features] of emulators) {
  await describeWith(programs, `tables on ${name}`, () => {
    let server: TestServer;
    let proxy: TestProxy;
    const create = () => createDynamoTables(optionsFor(server.url));
    beforeAll(async () => {
      server = await start();
      proxy = await startProxy(server.url);
      await create();
    });
    afterAll(async () => {
      await proxy.stop();
      await server.stop();
    });

    tablesContract({
      open: async (now) => openDynamoTables({ ...optionsFor(proxy.url), now }),
      ...features,
      totalOrder: false,
      sweeps: false,
      outage: {
        begin: () => server.halt(),
        // Both keep everything in memory.
        end: () => server.resume().then(create),
      },
    });
  });
}

await describeWith(['moto_server'], 'what is particular to DynamoDB', () => {
  let server: TestServer;
  let proxy: TestProxy;
  let tables: TableEngine;
  let client: DynamoDBClient;
  beforeAll(async () => {
    server = await startMoto();
    proxy = await startProxy(server.url);
    await createDynamoTables(optionsFor(server.url));
    // Creating what is there changes nothing.
    await createDynamoTables(optionsFor(server.url));
    tables = openDynamoTables(optionsFor(proxy.url));
    client = new DynamoDBClient(optionsFor(server.url));
  });
  afterAll(async () => {
    await tables.close();
    client.destroy();
    await proxy.stop();
    await server.stop();
  });

  it('is not ready while a table is missing that this version needs, and names it', async () => {
    const opened = openDynamoTables(optionsFor(server.url));
    await client.send(new DeleteTableCommand({ TableName: 'countersign-elevations' }));
    await expect(opened.ping()).rejects.toMatchObject({
      name: 'StartError',
      message: expect.stringMatching(/^DynamoDB has no countersign-elevations, which/),
    });
    // A table of something that is not enabled is nothing it waits for.
    const without = openDynamoTables({ ...optionsFor(server.url), tables: ['operations'] });
    await expect(without.ping()).resolves.toBeUndefined();
    await without.close();
    await createDynamoTables(optionsFor(server.url));
    await expect(opened.ping()).resolves.toBeUndefined();
    await opened.close();
  });

  const resource = (record: unknown) => ({ accountId: randomUUID(), arn: 'arn', record });
  const rawItem = async (accountId: string) => {
    const Key = { accountId: { S: accountId }, arn: { S: 'arn' } };
    const { Item } = await client.send(new GetItemCommand({ TableName: 'countersign-sandbox-resources', Key }));
    return Item;
  };

  it.each(tableNames)('creates %s as the contract has it', async (name) => {
    const TableName = `countersign-${name}`;
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    const { partition, indexes, ...table } = contract[name];
    expect(Table?.KeySchema?.map(({ AttributeName }) => AttributeName)).toEqual(
      'sort' in table ? [partition, table.sort] : [partition],
    );
    expect((Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName).toSorted()).toEqual(
      Object.keys(indexes).toSorted(),
    );
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription?.AttributeName).toBe('ttl' in table ? table.ttl : undefined);
  });

  it('keeps short JSON readable and long JSON compressed', async () => {
    const [short, long] = [resource({ Owner: 'ada' }), resource('long '.repeat(20_000))];
    await tables.insert('sandbox-resources', short);
    await tables.insert('sandbox-resources', long);
    expect((await rawItem(short.accountId))?.record).toEqual({ S: '{"Owner":"ada"}' });
    expect((await rawItem(long.accountId))?.record?.B?.byteLength).toBeLessThan(2000);
  });

  it('refuses a record over 400 KB, and says what to do', async () => {
    const noise = resource(randomBytes(450_000).toString('base64'));
    const refused = { code: 'too_large', message: expect.stringMatching(/^sandbox-resources: .*smaller/) };
    await expect(tables.insert('sandbox-resources', noise)).rejects.toMatchObject(refused);
    await expect(
      tables.transact([noise, resource(1)].map((row) => ({ kind: 'put', table: 'sandbox-resources', row }))),
    ).rejects.toMatchObject(refused);
  });

  it('refuses a transaction over 4 MB', async () => {
    const rows = Array.from({ length: 15 }, () => resource(randomBytes(300_000).toString('base64')));
    await expect(
      tables.transact(rows.map((row) => ({ kind: 'put', table: 'sandbox-resources', row }))),
    ).rejects.toMatchObject({ code: 'too_large' });
  });

  it('knows its own write again when the answer to it was lost', async () => {
    const row = { userId: randomUUID(), sequence: 1, hash: 'a', timestamp: new Date().toISOString() };
    const next = { ...row, sequence: 2 };
    const before = proxy.lost();
    proxy.lose(1);
    expect(await tables.insert('audit-heads', row)).toBe(true);
    proxy.lose(1);
    expect(await tables.put('audit-heads', next, { sequence: 1 })).toBe(true);
    proxy.lose(1);
    expect(
      await tables.transact(
        [next, { ...row, userId: randomUUID() }].map((head) => ({ kind: 'put', table: 'audit-heads', row: head })),
      ),
    ).toBe(true);
    expect(proxy.lost() - before).toBe(3);
    proxy.lose(1);
    expect(await tables.insert('audit-heads', row)).toBe(false);
    expect(await tables.get('audit-heads', { userId: row.userId })).toEqual(next);
  });
});
