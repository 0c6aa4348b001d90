/** An old and a new version of the service on one store: what the new one adds survives whatever the old one writes. */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Client } from 'pg';
import { OperationStore } from '../../src/operations/store.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { createDynamoTables } from '../../src/stores/dynamodb/create.ts';
import { openDynamoTables } from '../../src/stores/dynamodb/tables.ts';
import { openPostgres } from '../../src/stores/postgres/server.ts';
import { ana, openRig } from '../rigs/pipeline.ts';
import { startDynalite } from '../servers/dynalite.ts';
import { startMoto } from '../servers/moto.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith, type Program } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

/** What the later version does with a member that only it knows, called `colour`. */
interface Later {
  paint(arn: string, colour: string): Promise<void>;
  colourOf(arn: string): Promise<unknown>;
  close(): Promise<void>;
}

interface Engine {
  readonly earlier: TableEngine;
  readonly later: Later;
}

const onPostgres = async ({ url }: TestServer): Promise<Engine> => {
  const earlier = await openPostgres({ url });
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('alter table sandbox_resources add column colour text');
  return {
    earlier,
    later: {
      paint: async (arn, colour) => {
        await client.query('update sandbox_resources set colour = $2 where arn = $1', [arn, colour]);
      },
      colourOf: async (arn) =>
        (await client.query('select colour from sandbox_resources where arn = $1', [arn])).rows[0]?.colour,
      close: () => client.end(),
    },
  };
};

const onDynamo = async ({ url: endpoint }: TestServer): Promise<Engine> => {
  const options = { prefix: 'countersign-', region: 'us-east-1', endpoint };
  await createDynamoTables(options);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1', endpoint }));
  const at = (arn: string) => ({ TableName: 'countersign-sandbox-resources', Key: { accountId: 'a', arn } });
  return {
    earlier: openDynamoTables(options),
    later: {
      paint: async (arn, colour) => {
        const UpdateExpression = 'SET colour = :c';
        await client.send(
          new UpdateCommand({ ...at(arn), UpdateExpression, ExpressionAttributeValues: { ':c': colour } }),
        );
      },
      colourOf: async (arn) => (await client.send(new GetCommand(at(arn)))).Item?.colour,
      close: async () => client.destroy(),
    },
  };
};

const engines: [string, Program[], () => Promise<TestServer>, (server: TestServer) => Promise<Engine>][] = [
  ['PostgreSQL', ['initdb', 'postgres'], startPostgres, onPostgres],
  ['dynalite', [], startDynalite, onDynamo],
  ['moto', ['moto_server'], startMoto, onDynamo],
];

for (const [name, programs, start, open] of engines)
  await describeWith(programs, `two versions on ${name}`, () => {
    let server: TestServer;
    let engine: Engine;
    beforeAll(async () => {
      server = await start();
      engine = await open(server);
    });
    afterAll(async () => {
      await engine.later.close();
      await engine.earlier.close();
      await server.stop();
    });

    const rowOf = (arn: string, size: number) => ({ accountId: 'a', arn, record: { size } });
    const painted = async (): Promise<string> => {
      const arn = randomUUID();
      await engine.earlier.insert('sandbox-resources', rowOf(arn, 1));
      await engine.later.paint(arn, 'green');
      return arn;
    };
    const writes: [string, (arn: string) => Promise<boolean>][] = [
      ['a put', (arn) => engine.earlier.put('sandbox-resources', rowOf(arn, 2))],
      ['a put that expects', (arn) => engine.earlier.put('sandbox-resources', rowOf(arn, 2), { arn })],
      // dynalite knows no transactions.
      ...(name === 'dynalite'
        ? []
        : ([
            [
              'puts of a transaction',
              (arn) =>
                engine.earlier.transact([
                  { kind: 'put', table: 'sandbox-resources', row: rowOf(arn, 2), expect: { arn } },
                  { kind: 'put', table: 'sandbox-resources', row: rowOf(`${arn}-other`, 2) },
                ]),
            ],
          ] satisfies [string, (arn: string) => Promise<boolean>][])),
    ];

    it('an operation with members that the earlier version does not know keeps them when that version moves it', async () => {
      const { pipeline, steps, context } = openRig();
      const operation = await pipeline.submit(steps, { input: { colour: 'blue', things: ['a'] } }, context(ana));
      const later = { ...operation, later: { deep: [1] }, plan: { ...operation.plan, later: 2 } };
      const store = new OperationStore(engine.earlier);
      await store.insert(later);
      const read = await store.get(operation.operationId);
      if (read === undefined) throw new Error('no operation');
      // dynalite knows no transactions, in which operations move.
      const moved = store.put({ ...read, version: 2, status: 'denied' }, 1);
      if (moved.kind !== 'put' || moved.table !== 'operations') throw new Error('not a put');
      expect(await engine.earlier.put('operations', moved.row, moved.expect)).toBe(true);
      expect(await store.get(operation.operationId)).toMatchObject({
        status: 'denied',
        later: { deep: [1] },
        plan: { later: 2 },
      });
    });

    it.each(writes)(
      'an attribute the earlier version does not know outlives %s of that version',
      async (_what, write) => {
        const arn = await painted();
        expect(await write(arn)).toBe(true);
        expect(await engine.earlier.get('sandbox-resources', { accountId: 'a', arn })).toEqual(rowOf(arn, 2));
        expect(await engine.later.colourOf(arn)).toBe('green');
      },
    );
  });
