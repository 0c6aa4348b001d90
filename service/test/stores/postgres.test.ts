import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { jest } from '@jest/globals';
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

  it('hears a connection that is lost between two statements of a transaction, which would end the process', async () => {
    // When a transaction has taken it; the pool itself listens to idle ones only.
    const heard: number[] = [];
    const really = Client.prototype.query;
    const query = jest.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...args: unknown[]) {
      heard.push(this.listenerCount('error'));
      return Reflect.apply(really, this, args);
    });
    const tables = await openPostgres({ url: server.url });
    try {
      const writes = ['one', 'other'].map((arn) => {
        const row = { accountId: 'lost', arn, record: {} };
        return { kind: 'insert', table: 'sandbox-resources', row } as const;
      });
      expect(await tables.transact(writes)).toBe(true);
    } finally {
      query.mockRestore();
      await tables.close();
    }
    expect(heard.length).toBeGreaterThan(2);
    expect(heard).not.toContain(0);
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
    const recorded = await sql<{ version: number; statements: string[] }>(
      url,
      'select version, statements from countersign_migrations order by version',
    );
    expect(recorded).toMatchObject([
      { version: 1 },
      { version: 2, statements: { length: 3 } },
      { version: 3, statements: [expect.stringContaining('create index concurrently')] },
    ]);
  });

  it('starts on the schema of a later version, which has a column, an index and a table more, and serves', async () => {
    const url = await emptyDatabase();
    const earlier = await openPostgres({ url });
    await sql(url, 'alter table elevations add column later text');
    await sql(url, 'create index elevations_later on elevations (later)');
    await sql(url, 'create table later (id text primary key)');
    const later = { table: 'later', columns: { id: { type: 'text', required: true } }, key: ['id'], indexes: {} };
    await sql(
      url,
      `insert into countersign_migrations (version, statements, schema) select 2, '[]', jsonb_set(jsonb_set(schema
       || jsonb_build_object('later', $1::jsonb), '{elevations,columns,later}', '{"type":"text","required":false}'),
       '{elevations,indexes,elevations_later}', '{"columns":["later"],"method":"btree"}') from countersign_migrations`,
      [JSON.stringify(later)],
    );
    const row = {
      userId: 'ana',
      clientId: 'c',
      scopes: [],
      raisedAt: '2026-11-20T10:00:00.000Z',
      expirationTime: 4_000_000_000,
    };
    expect(await earlier.insert('elevations', row)).toBe(true);
    await earlier.close();
    const again = await openPostgres({ url });
    expect(await again.put('elevations', { ...row, scopes: ['tag:write'] })).toBe(true);
    await again.close();
    expect(await sql(url, 'select max(version) as version from countersign_migrations')).toEqual([{ version: 2 }]);
  });

  const patience = { lockMs: 200, pauseMs: 300, totalMs: 20_000 };
  /** A database whose version knew no retry keys of operations, and a transaction that has read them and stays open. */
  const behindReader = async () => {
    const url = await emptyDatabase();
    const earlier = await openPostgres({ url });
    await sql(url, 'alter table operations drop column idempotency_key');
    await sql(
      url,
      `update countersign_migrations set schema = schema
       #- '{operations,columns,idempotency_key}' #- '{operations,indexes,operations_idempotency_key}'`,
    );
    const reader = new Client({ connectionString: url });
    await reader.connect();
    await reader.query('begin');
    await reader.query('select count(*) from operations');
    return { url, earlier, reader };
  };

  it('holds up no call of the earlier version for longer than a lock may take, while a reader stays open', async () => {
    const { url, earlier, reader } = await behindReader();
    const later = openPostgres({ url, patience });
    // The server ends a call that waits longer: what a busy machine takes to connect does not count.
    for (let call = 0; call < 30; call += 1)
      await sql(url, "set statement_timeout = '1s'; select operation_id from operations limit 1");
    await reader.query('commit');
    await (await later).close();
    expect(await sql(url, 'select idempotency_key from operations')).toEqual([]);
    await earlier.close();
    await reader.end();
  });

  it('says who holds the tables when that does not end, and changes nothing', async () => {
    const { url, earlier, reader } = await behindReader();
    const impatient = openPostgres({ url, patience: { lockMs: 100, pauseMs: 500, totalMs: 2500 } });
    await expect(impatient).rejects.toMatchObject({
      name: 'StartError',
      message: expect.stringMatching(
        /transactions that stay open hold its tables\. The oldest are of the processes \d+/,
      ),
    });
    await expect(sql(url, 'select idempotency_key from operations')).rejects.toThrow('does not exist');
    await reader.end();
    await (await openPostgres({ url, patience })).close();
    await earlier.close();
  });

  it('writes rows while it makes an index over them, and makes one again that was broken off', async () => {
    const url = await emptyDatabase();
    await (await openPostgres({ url })).close();
    await sql(url, 'drop index operations_idempotency_key');
    await sql(
      url,
      `update countersign_migrations set schema = schema #- '{operations,indexes,operations_idempotency_key}'`,
    );
    await sql(url, `create index operations_idempotency_key on operations (idempotency_key)`);
    await sql(url, `update pg_index set indisvalid = false where indexrelid = 'operations_idempotency_key'::regclass`);
    const writer = new Client({ connectionString: url });
    await writer.connect();
    // One that has written and is not done yet: an index that is not made concurrently would block all others behind it.
    await writer.query('begin');
    await writer.query('lock table operations in row exclusive mode');
    const later = openPostgres({ url, patience: { ...patience, lockMs: 5000 } });
    for (let call = 0; call < 10; call += 1)
      await sql(url, "set statement_timeout = '1s'; delete from operations where operation_id = 'x'");
    await writer.query('commit');
    await writer.end();
    await (await later).close();
    const [index] = await sql<{ definition: string; valid: boolean }>(
      url,
      `select pg_get_indexdef(indexrelid) as definition, indisvalid as valid from pg_index where indexrelid = 'operations_idempotency_key'::regclass`,
    );
    expect(index).toMatchObject({
      valid: true,
      definition: expect.stringContaining('WHERE (idempotency_key IS NOT NULL)'),
    });
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
