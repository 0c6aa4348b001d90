import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { Client } from 'pg';
import { tables as contract, tableNames } from '../../../contracts/tables.ts';
import { openPostgres } from '../../src/stores/postgres/server.ts';
import { selectRange } from '../../src/stores/postgres/statements.ts';
import { toRange } from '../../src/stores/range.ts';
import { shapes } from '../../src/stores/shape.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';
import { tablesContract } from './tables-contract.ts';

await describeWith(['initdb', 'postgres'], 'tables on a PostgreSQL server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  tablesContract({
    open: (now) => openPostgres({ url: server.url, now }),
    outage: { begin: () => server.halt(), end: () => server.resume() },
  });

  const sql = async <R>(url: string, text: string, values: unknown[] = []): Promise<R[]> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text, values)).rows as R[];
    } finally {
      await client.end();
    }
  };
  const emptyDatabase = async (): Promise<string> => {
    const name = `db_${randomUUID().replaceAll('-', '')}`;
    await sql(server.url, `create database ${name}`);
    return server.url.replace(/postgres$/, name);
  };

  it('migrates once when several tasks start at once', async () => {
    const url = await emptyDatabase();
    const opened = await Promise.all(Array.from({ length: 5 }, () => openPostgres({ url })));
    await Promise.all(opened.map((tables) => tables.close()));
    expect(await sql(url, 'select version from countersign_migrations')).toEqual([{ version: 1 }]);
  });

  it('adds to the schema of an earlier version, and keeps its rows', async () => {
    const url = await emptyDatabase();
    const row = { accountId: 'a', arn: 'b', record: { kept: true } };
    const before = await openPostgres({ url });
    await before.insert('sandbox-resources', row);
    await before.close();
    // The earlier version knew no elevations, no retry keys and no index over them.
    await sql(url, 'drop table elevations');
    await sql(url, 'alter table operations drop column idempotency_key');
    await sql(
      url,
      `update countersign_migrations set schema = schema #- '{elevations}'
       #- '{operations,columns,idempotency_key}' #- '{operations,indexes,operations_idempotency_key}'`,
    );
    const after = await openPostgres({ url });
    expect(await after.get('sandbox-resources', { accountId: 'a', arn: 'b' })).toEqual(row);
    expect(await after.query('operations', { index: 'idempotencyKey-index', partition: 'x' })).toEqual({ items: [] });
    expect(await after.query('elevations', { partition: 'x' })).toEqual({ items: [] });
    await after.close();
    const [recorded] = await sql<{ version: number; statements: string[] }>(
      url,
      'select version, statements from countersign_migrations order by version desc',
    );
    expect(recorded).toMatchObject({ version: 2, statements: { length: 4 } });
  });

  it('does not start on a schema it cannot follow by adding, and changes nothing', async () => {
    const url = await emptyDatabase();
    await (await openPostgres({ url })).close();
    await sql(
      url,
      `update countersign_migrations set schema = jsonb_set(schema #- '{elevations}', '{operations,key}', '["tool"]')`,
    );
    await sql(url, 'drop table elevations');
    await expect(openPostgres({ url })).rejects.toThrow('operations has the key (tool), not (operation_id)');
    expect(await sql(url, `select to_regclass('elevations') as it`)).toEqual([{ it: null }]);
  });

  const ranges = tableNames.flatMap((name) => {
    const { sort, indexes } = { sort: undefined, ...contract[name] };
    const all = Object.keys(indexes).map((index) => ({ index }));
    return [...(sort === undefined ? [] : [{}]), ...all].map((keys) => ({ name, ...keys }));
  });
  it.each(ranges)('answers $name $index in order from an index, in both directions', async ({ name, ...keys }) => {
    for (const descending of [false, true]) {
      const range = toRange(shapes[name], { partition: 'x', descending, ...keys });
      if (range === undefined) throw new Error('no range');
      const { text, values } = selectRange(range, 0);
      const plan = await sql<Record<string, string>>(
        server.url.concat('?options=-c%20enable_seqscan%3Doff%20-c%20enable_bitmapscan%3Doff'),
        `explain ${text}`,
        [...values],
      );
      const lines = plan.map((line) => Object.values(line).join()).join('\n');
      expect(lines).toMatch(new RegExp(`Index Scan${descending ? ' Backward' : ''} using`));
      expect(lines).not.toMatch(/\bSort\b/);
    }
  });

  it('gives up on a server that hangs', async () => {
    const tables = await openPostgres({ url: server.url });
    server.freeze();
    try {
      await expect(tables.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
    } finally {
      server.thaw();
    }
    await expect(tables.ping()).resolves.toBeUndefined();
    await tables.close();
  });

  it.each([
    ['postgres://user:hunter2@127.0.0.1:1/none', 'The store does not answer'],
    ['postgres://user:hunter2@host:port/none', 'DATABASE_URL must be like'],
  ])('tells no password when it cannot connect to %s', async (url, told) => {
    const error: unknown = await openPostgres({ url }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: expect.stringContaining(told) });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hunter2');
  });
});
