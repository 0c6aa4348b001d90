/** The audit log of the system before this one, imported into every store: the rows are SQLite's, and stay so. */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { Client } from 'pg';
import { importedRows, openImportedAudit } from '../service/src/audit/imported.ts';
import { openAuditLog } from '../service/src/audit/log.ts';
import { hmac } from '../service/src/audit/mac.ts';
import { deriveSecrets } from '../service/src/auth/secrets.ts';
import { parseConfig } from '../service/src/config.ts';
import type { TableEngine } from '../service/src/ports/tables.ts';
import { openTables } from '../service/src/start/state.ts';
import { createDynamoTables } from '../service/src/stores/dynamodb/create.ts';
import { startMoto } from '../service/test/servers/moto.ts';
import { putNewDatabase } from '../service/test/servers/new-database.ts';
import { startPostgres } from '../service/test/servers/postgres.ts';
import { describeWith, type Program } from '../service/test/servers/programs.ts';
import { auditImport } from './audit-import.ts';
import { auditVerify } from './audit-verify.ts';
import { type Archive, openArchive } from './operate/audit-import/archive.ts';
import { archiveProblem } from './operate/audit-import/compare.ts';
import { importRows } from './operate/audit-import/import.ts';
import type { Manifest } from './operate/audit-import/manifest.ts';
import { openSource } from './operate/audit-import/source.ts';
import { runCommand } from './platform/command.ts';

const key = 'a key for tests, long enough to be one';
const gathered = async <T>(from: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of from) items.push(item);
  return items;
};
const all = { first: 1, last: Number.MAX_SAFE_INTEGER };

interface Store {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-import-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** As phase 1 keeps it; Python leaves the database open, with rows in its write-ahead log. */
const phaseOne = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file);
  database.exec(`pragma journal_mode = wal; pragma wal_autocheckpoint = 0;
    create table audit_logs (id integer primary key autoincrement, timestamp text not null, user_id text,
      tool_name text not null, parameters text, status text, execution_time_ms real, api_key text, note blob);
    create table sessions (id integer primary key)`);
  return database;
};
const add = (database: DatabaseSync, count: number, from = 0): void => {
  const insert = database.prepare(
    `insert into audit_logs (timestamp, user_id, tool_name, parameters, status, execution_time_ms) values (?, ?, ?, ?, ?, ?)`,
  );
  database.exec('begin');
  for (let n = from + 1; n <= from + count; n += 1) {
    const at = new Date(Date.UTC(2024, 10, 1) + n * 60_000).toISOString().slice(0, 19).replace('T', ' ');
    insert.run(at, `user-${n % 3}`, 'check_tag_compliance', `{"regions": ["us-east-1"], "n": ${n}}`, 'success', n / 4);
  }
  database.exec('commit');
};

const onEmbedded = async (): Promise<Store> => {
  const DATA_DIR = join(folder, 'data');
  await mkdir(DATA_DIR);
  await putNewDatabase(DATA_DIR);
  await writeFile(join(DATA_DIR, 'encryption-key'), key);
  return { env: { DATA_DIR }, stop: async () => {} };
};

const withBucket = async (env: Store['env'], moto: string, stop: Store['stop']): Promise<Store> => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  const client = new S3Client({ region: 'us-east-1', endpoint: moto, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: 'archive' }));
  const aws = { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: moto, AUDIT_ANCHOR_BUCKET: 'archive' };
  return { env: { ...env, ...aws, ENCRYPTION_KEY: key }, stop };
};
const onPostgres = async (): Promise<Store> => {
  const [postgres, moto] = await Promise.all([startPostgres(), startMoto()]);
  return withBucket({ STORE: 'postgres', DATABASE_URL: postgres.url }, moto.url, async () => {
    await Promise.all([postgres.stop(), moto.stop()]);
  });
};
const onDynamo = async (): Promise<Store> => {
  const moto = await startMoto();
  const env = { STORE: 'dynamodb', DYNAMODB_ENDPOINT: moto.url, TABLE_PREFIX: 'countersign-' };
  const store = await withBucket(env, moto.url, () => moto.stop());
  await createDynamoTables({ prefix: 'countersign-', region: 'us-east-1', endpoint: moto.url });
  return store;
};

const stores: [string, Program[], () => Promise<Store>][] = [
  ['the embedded store and a folder', [], onEmbedded],
  ['PostgreSQL and a bucket', ['initdb', 'postgres', 'moto_server'], onPostgres],
  ['DynamoDB and a bucket', ['moto_server'], onDynamo],
];

for (const [name, programs, open] of stores)
  await describeWith(programs, `audit:import into ${name}`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.stop());

    /** What does not depend on the store is tried on one of them. */
    const once = (title: string, work: () => Promise<void>) => {
      if (name.startsWith('PostgreSQL')) it(title, work);
    };
    const run = async (command: typeof auditImport | typeof auditVerify, ...args: string[]) => {
      const lines: string[] = [];
      const say = (line: string) => void lines.push(line);
      const host = { root: '', env: { ...store.env }, out: say, err: say, ask: undefined };
      const code = await runCommand(command as typeof auditImport, args, host);
      return { code, said: lines.join('\n') };
    };
    const bring = (file: string, ...more: string[]) =>
      run(auditImport, '--from', file, '--timezone', 'Europe/Berlin', '--yes', ...more);
    const json = (said: string) => JSON.parse(said.slice(said.indexOf('{\n')));
    const withTables = async <T>(work: (tables: TableEngine) => Promise<T>): Promise<T> => {
      const tables = await openTables(parseConfig({ ...store.env }), () => new Date());
      return work(tables).finally(() => tables.close());
    };
    const rowsOf = (importId: string) => withTables((tables) => gathered(importedRows(tables, importId, all)));
    /** A manifest with another root than the import's. */
    const manifestOf = (importId: string): Manifest => ({
      importId,
      table: 'audit_logs',
      timezone: 'UTC',
      rows: 12,
      first: { n: 1, at: '' },
      last: { n: 12, at: '' },
      sha256: '',
      root: '',
      file: `${importId}/1-12.jsonl.gz`,
    });
    const fresh = (): { file: string; importId: string; database: DatabaseSync } => {
      const importId = `phase-1-${randomUUID()}`;
      const file = join(folder, `${importId}.db`);
      return { file, importId, database: phaseOne(file) };
    };

    once(
      'is looked at without changing a database of an earlier version, and refuses one that lacks what it reads',
      async () => {
        const { file, importId, database } = fresh();
        add(database, 3);
        expect((await bring(file)).code).toBe(0);
        add(database, 2, 3);
        database.close();
        const sql = async (text: string) => {
          const client = new Client({ connectionString: store.env.DATABASE_URL });
          await client.connect();
          return (await client.query(text).finally(() => client.end())).rows;
        };
        // The earlier version knew no elevations.
        await sql('drop table elevations');
        await sql(`update countersign_migrations set schema = schema #- '{elevations}'`);
        const dryRun = () => run(auditImport, '--from', file, '--timezone', 'Europe/Berlin', '--dry-run');
        expect([
          (await dryRun()).code,
          (await run(auditImport, '--verify', '--name', importId)).code,
          (await run(auditVerify)).code,
        ]).toEqual([2, 0, 0]);
        expect(await sql(`select to_regclass('elevations') found`)).toEqual([{ found: null }]);
        await sql('alter table imported_audit rename column record to former');
        const { code, said } = await dryRun();
        expect([code, said]).toEqual([1, expect.stringContaining('has no imported_audit.record')]);
        await sql('alter table imported_audit rename column former to record');
        // Importing writes, so it brings the database to this version.
        expect((await bring(file)).code).toBe(0);
        expect(await sql(`select to_regclass('elevations')::text found`)).toEqual([{ found: 'elevations' }]);
      },
    );

    it('has the count, the first and the last of SQLite, also of rows that are in its write-ahead log only', async () => {
      const { file, importId, database } = fresh();
      add(database, 130);
      const { code, said } = await bring(file, '--json');
      const sqlite = database.prepare('select count(*) rows, min(id) first, max(id) last from audit_logs').get();
      database.close();
      expect([code, json(said).imported]).toEqual([
        0,
        expect.objectContaining({
          rows: sqlite?.rows,
          first: { n: sqlite?.first, at: '2024-10-31T23:01:00.000Z' },
          last: { n: sqlite?.last, at: '2024-11-01T01:10:00.000Z' },
          table: 'audit_logs',
          timezone: 'Europe/Berlin',
        }),
      ]);
      const rows = await rowsOf(importId);
      expect(rows).toHaveLength(130);
      expect(rows[129]).toMatchObject({
        userId: 'user-1',
        tool: 'check_tag_compliance',
        record: { id: 130, parameters: '{"regions": ["us-east-1"], "n": 130}', execution_time_ms: 32.5, api_key: null },
      });
      // The archive has the same, and a manifest of it.
      const archive = openArchive(parseConfig({ ...store.env }));
      const lines = gunzipSync((await archive.read(`${importId}/1-130.jsonl.gz`)) ?? '')
        .toString()
        .trim()
        .split('\n');
      expect(lines).toHaveLength(130);
      expect(JSON.parse(lines[129] ?? '')).toEqual({ n: 130, at: rows[129]?.timestamp, row: rows[129]?.record });
      const manifest = JSON.parse(Buffer.from((await archive.read(`${importId}/1-130.json`)) ?? '').toString());
      expect(manifest).toMatchObject({ rows: 130, first: { n: 1 }, last: { n: 130 }, sha256: expect.any(String) });
      expect((await run(auditVerify)).code).toBe(0);
    });

    it('twice is the same rows and one record; later rows are added to them', async () => {
      const { file, importId, database } = fresh();
      add(database, 40);
      const [once, twice] = [await bring(file), await bring(file)];
      expect([once.code, twice.code]).toEqual([0, 0]);
      expect(twice.said).toContain('there is nothing new');
      const before = await rowsOf(importId);
      expect(before).toHaveLength(40);
      add(database, 10, 40);
      expect((await run(auditImport, '--from', file, '--timezone', 'Europe/Berlin', '--dry-run')).code).toBe(2);
      const later = await bring(file, '--json');
      expect(json(later.said)).toMatchObject({
        imported: { rows: 10, first: { n: 41 }, last: { n: 50 } },
        parts: [{ rows: 40 }, { rows: 10 }],
      });
      const after = await rowsOf(importId);
      expect(after.slice(0, 40)).toEqual(before);
      expect(after).toHaveLength(50);
      database.close();
    });

    once('finds a byte that was changed where it came from, and imports nothing', async () => {
      const { file, importId, database } = fresh();
      add(database, 20);
      await bring(file);
      add(database, 5, 20);
      database.exec(`update audit_logs set status = 'succesS' where id = 7`);
      const changed = await bring(file);
      expect([changed.code, changed.said]).toEqual([
        1,
        expect.stringContaining('row 7 was changed since it was imported'),
      ]);
      database.exec(`update audit_logs set status = 'success' where id = 7; delete from audit_logs where id = 9`);
      expect((await bring(file)).said).toContain('row 9 was removed since it was imported');
      expect(await rowsOf(importId)).toHaveLength(20);
      database.close();
    });

    it('finds a byte that was changed in the table, and what the archive lacks', async () => {
      const { file, importId, database } = fresh();
      add(database, 12);
      await bring(file);
      database.close();
      expect((await run(auditImport, '--verify', '--name', importId)).code).toBe(0);
      await withTables(async (tables) => {
        const [, row] = await gathered(importedRows(tables, importId, all));
        if (row) await tables.put('imported-audit', { ...row, record: { ...Object(row.record), status: 'failure' } });
      });
      const archive = openArchive(parseConfig({ ...store.env }));
      expect(await archiveProblem(archive, manifestOf(importId))).toContain('1-12.json was changed');
      const torn: Archive = {
        ...archive,
        read: async (file) => (file.endsWith('.json') ? Buffer.from('{"importId": ') : archive.read(file)),
      };
      expect(await archiveProblem(torn, manifestOf(importId))).toContain('1-12.json was changed');
      const missing = { ...manifestOf(importId), file: 'none.jsonl.gz' };
      expect(await archiveProblem(archive, missing)).toContain('has no none.jsonl.gz');
      const verified = await run(auditImport, '--verify', '--name', importId, '--json');
      expect([verified.code, json(verified.said)]).toEqual([
        1,
        expect.objectContaining({ outcome: 'changed', problems: ['the table’s row 2 was changed'] }),
      ]);
    });

    it('goes on where it was broken off, with one record at the end', async () => {
      const { file, importId, database } = fresh();
      add(database, 130);
      database.close();
      const config = parseConfig({ ...store.env });
      const source = await openSource({ file, zone: 'Europe/Berlin' });
      await withTables(async (tables) => {
        let writes = 0;
        const dying: TableEngine = {
          ...tables,
          transact: (batch) => {
            writes += 1;
            return writes > 1 ? Promise.reject(new Error('killed')) : tables.transact(batch);
          },
        };
        const audit = openAuditLog({
          tables,
          now: () => new Date(),
          retentionDays: 1,
          keys: [hmac(deriveSecrets(key).auditKey)],
        });
        const importing = {
          tables: dying,
          audit,
          archive: openArchive(config),
          source,
          importId,
          zone: 'Europe/Berlin',
        };
        await expect(importRows({ ...importing, progress: () => {} }, source.extent(0))).rejects.toThrow('killed');
      });
      await source.close();
      expect(await rowsOf(importId)).toHaveLength(100);
      const again = await bring(file, '--json');
      expect([again.code, json(again.said).parts]).toEqual([0, [expect.objectContaining({ rows: 130 })]]);
      expect(await rowsOf(importId)).toHaveLength(130);
    });

    once('has no secret in table or archive', async () => {
      const { file, importId, database } = fresh();
      const insert = database.prepare(
        `insert into audit_logs (timestamp, tool_name, parameters, api_key, note) values ('2024-11-01T00:00:00Z', 'x', ?, ?, ?)`,
      );
      for (const parameters of [
        '{"api_key": "hunter2hunter2"}',
        '{"request": "{\\"password\\": \\"hunter2hunter2\\"}"}',
        "{'client_secret': 'hunter2hunter2'}",
        'GET /x?token=hunter2hunter2&a=b',
        'Authorization: Bearer hunter2hunter2',
      ])
        insert.run(parameters, 'hunter2hunter2', Buffer.from([1, 2, 255]));
      database.close();
      expect((await bring(file)).code).toBe(0);
      const rows = await rowsOf(importId);
      expect(JSON.stringify(rows)).not.toContain('hunter2');
      expect(rows[0]).toMatchObject({ userId: 'unknown', record: { api_key: '[redacted]', note: { base64: 'AQL/' } } });
      const archive = openArchive(parseConfig({ ...store.env }));
      const file1 = gunzipSync((await archive.read(`${importId}/1-5.jsonl.gz`)) ?? '').toString();
      expect(file1).toContain('[redacted]');
      expect(file1).not.toContain('hunter2');
    });

    it('shows its rows by person and by day, the newest first', async () => {
      const { file, database } = fresh();
      const at = '2023-05-06 07:08:09';
      const insert = database.prepare(`insert into audit_logs (timestamp, user_id, tool_name) values (?, ?, 'x')`);
      const person = randomUUID();
      for (const second of ['01', '02', '03']) insert.run(at.replace(/..$/, second), person);
      database.close();
      await bring(file);
      await withTables(async (tables) => {
        const imported = openImportedAudit(tables, () => new Date());
        const day = { from: '2023-05-06T00:00:00.000Z', to: '2023-05-07T00:00:00.000Z' };
        const byDay = await imported.query({ ...day, limit: 2 });
        expect(byDay.items.map(({ timestamp }) => timestamp.slice(17, 19))).toEqual(['03', '02']);
        const rest = await imported.query({ ...day, limit: 2, ...(byDay.cursor && { cursor: byDay.cursor }) });
        expect(rest.items.map(({ timestamp }) => timestamp.slice(17, 19))).toEqual(['01']);
        expect((await imported.query({ userId: person })).items).toHaveLength(3);
        await expect(imported.query({})).rejects.toMatchObject({ code: 'invalid_input' });
      });
    });
  });

describe('audit:import', () => {
  const run = (...args: string[]) => runWith({ DATA_DIR: join(folder, 'nowhere') }, ...args);
  const runWith = async (env: NodeJS.ProcessEnv, ...args: string[]) => {
    const lines: string[] = [];
    const say = (line: string) => void lines.push(line);
    const code = await runCommand(auditImport, args, { root: '', env, out: say, err: say, ask: undefined });
    return [code, lines.join('\n')];
  };

  it('says which variable of the store is missing or wrong, without a stack', async () => {
    const database = new DatabaseSync(join(folder, 'one.db'));
    database.exec(`create table audit_log (timestamp text); insert into audit_log values ('2026-01-01')`);
    database.close();
    const args = ['--from', join(folder, 'one.db'), '--timezone', 'UTC', '--yes'];
    const ENCRYPTION_KEY = 'k'.repeat(32);
    for (const [env, says] of [
      [{ STORE: 'postgres' }, 'DATABASE_URL'],
      [
        {
          STORE: 'postgres',
          ENCRYPTION_KEY,
          DATABASE_URL: 'postgres://127.0.0.1:1/none',
          AUDIT_ANCHOR_BUCKET: 'archive',
          AWS_REGION: 'us-east-1',
        },
        'DATABASE_URL cannot be used',
      ],
    ] as const) {
      const [code, said] = await runWith(env, ...args);
      expect([code, said]).toEqual([1, expect.stringContaining(says)]);
      expect(said).not.toContain('    at ');
    }
  });

  it('refuses what is no call, and files that are no audit log, in a sentence', async () => {
    const file = join(folder, 'other.db');
    const database = new DatabaseSync(file);
    database.exec(`create table audit_a (x text); create table audit_b (id integer primary key, at text);
      create table keyed (name text primary key, timestamp text) without rowid;
      create table timed (timestamp text); insert into timed values ('yesterday')`);
    database.close();
    await writeFile(join(folder, 'text.db'), 'this is not a database, and long enough not to look like one');
    const zone = ['--timezone', 'UTC'];
    expect(await run(...zone)).toEqual([64, expect.stringContaining('--from x.db')]);
    expect(await run('--from', file)).toEqual([64, expect.stringContaining('--timezone UTC')]);
    expect(await run('--from', file, '--timezone', 'Berlin')).toEqual([64, expect.stringContaining('Europe/Berlin')]);
    expect(await run('--from', file, '--name', 'a/b', ...zone)).toEqual([64, expect.stringContaining('--name')]);
    expect(await run('--from', join(folder, 'none.db'), ...zone)).toEqual([
      1,
      expect.stringContaining('There is no file'),
    ]);
    expect(await run('--from', join(folder, 'text.db'), ...zone)).toEqual([
      1,
      expect.stringContaining('not a database'),
    ]);
    expect(await run('--from', file, ...zone)).toEqual([
      1,
      expect.stringMatching(/--table: audit_a, audit_b, keyed, timed/),
    ]);
    expect(await run('--from', file, '--table', 'c', ...zone)).toEqual([1, expect.stringContaining('has no table c')]);
    expect(await run('--from', file, '--table', 'audit_a', ...zone)).toEqual([
      1,
      expect.stringContaining('--time-column: x'),
    ]);
    expect(await run('--from', file, '--table', 'keyed', ...zone)).toEqual([
      1,
      expect.stringContaining('without row numbers'),
    ]);
    const source = await openSource({ file, zone: 'UTC', table: 'timed' });
    expect(() => [...source.rows(1, 9)]).toThrow('Row 1 of timed: timestamp is no time: "yesterday".');
    await source.close();
  });
});
