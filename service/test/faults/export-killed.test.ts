/** Real tasks export one audit log to a bucket while one of them is killed between a file and the place that moves on. */
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { pino } from 'pino';
import { z } from 'zod';
import { openArchive } from '../../src/archive/index.ts';
import { openAuditExport } from '../../src/audit/export/export.ts';
import { exportedBytes, exportedRange, folderOf } from '../../src/audit/export/file.ts';
import { openAuditLog } from '../../src/audit/log.ts';
import { AuditRecord } from '../../src/audit/record.ts';
import { parseConfig } from '../../src/config.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { openTables } from '../../src/start/state.ts';
import { auditKeys } from '../rigs/audit-keys.ts';
import { bare } from '../servers/bare.ts';
import { startMoto } from '../servers/moto.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith } from '../servers/programs.ts';
import { startChild } from '../servers/running.ts';
import type { TestServer } from '../servers/server.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

const Bucket = 'archive';
const Line = z.object({ unmapped: AuditRecord });
const now = () => new Date();

await describeWith(['moto_server', 'initdb', 'postgres'], 'Tasks that export one audit log', () => {
  let moto: TestServer;
  let postgres: TestServer;
  let client: S3Client;
  let environment: Readonly<Record<string, string>>;
  const engines: TableEngine[] = [];

  const tablesOfATask = async (): Promise<TableEngine> => {
    const tables = await openTables(parseConfig(environment), now);
    engines.push(tables);
    return tables;
  };
  const counted: Record<string, number> = {};
  const task = async () => {
    const archive = await openArchive(parseConfig(environment));
    if (archive === undefined) throw new Error('there is no archive');
    return openAuditExport({
      tables: await tablesOfATask(),
      archive,
      metrics: {
        count: (_metric, { Outcome }: { Outcome?: string }) => {
          counted[Outcome ?? ''] = (counted[Outcome ?? ''] ?? 0) + 1;
        },
        set: () => {},
      },
      log: pino({ level: 'silent' }),
      now,
    });
  };
  const append = async (tables: TableEngine, userId: string, count: number): Promise<void> => {
    const log = openAuditLog({ tables, now, keys: auditKeys, retentionDays: 730 });
    const event = { userId, correlationId: 'c', tool: 'list', action: 'read', result: 'success' } as const;
    for (let i = 0; i < count; i += 1) await log.append({ ...event, summary: { zebra: i, ant: 'é' } });
  };
  /** Every version of every file: one that was written over would show twice. */
  const files = async () => {
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    return Promise.all(
      Versions.map(async ({ Key = '' }) => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        return { name: Key, bytes: await buffer(Body as AsyncIterable<Uint8Array>) };
      }),
    );
  };

  beforeAll(async () => {
    [moto, postgres] = await Promise.all([startMoto(), startPostgres()]);
    client = new S3Client({ region: 'us-east-1', endpoint: moto.url, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
    environment = {
      ENCRYPTION_KEY: 'one key for all of them, as long as it has to be',
      STORE: 'postgres',
      DATABASE_URL: postgres.url,
      AUDIT_EXPORT_BUCKET: Bucket,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: moto.url,
    };
  });
  afterAll(async () => {
    for (const tables of engines) await tables.close();
    client?.destroy();
    await postgres?.stop();
    await moto?.stop();
  });

  it('leave neither a gap nor a duplicate when one is killed after a file and before the place moves on', async () => {
    const tables = await tablesOfATask();
    await append(tables, 'ana', 5);
    const env = { ...bare(), ...environment, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const killed = startChild(process.execPath, ['service/test/faults/exporting.ts'], { env });
    await killed.ended;
    expect([killed.end(), killed.output()]).toEqual(['ended with SIGKILL', expect.any(String)]);
    const [left, ...others] = await files();
    expect([left?.name, others]).toEqual([`audit-log/${folderOf('ana')}/0000000001-0000000005.ndjson.gz`, []]);
    expect(await tables.get('audit-exports', { userId: 'ana' })).toMatchObject({ sequence: 0, fileFrom: 1, fileTo: 5 });

    await append(tables, 'ana', 4);
    await append(tables, 'ben', 3);
    const [first, second] = await Promise.all([task(), task()]);
    await Promise.all([first.run(), second.run(), append(tables, 'ben', 3)]);
    await first.run();
    expect(counted.found).toBeGreaterThan(0);

    const after = await files();
    expect(after.find(({ name }) => name === left?.name)?.bytes).toEqual(left?.bytes);
    expect(new Set(after.map(({ name }) => name)).size).toBe(after.length);
    for (const [userId, count] of [
      ['ana', 9],
      ['ben', 6],
    ] as const) {
      const own = after
        .filter(({ name }) => name.includes(folderOf(userId)))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const records = own.flatMap(({ bytes }) =>
        gunzipSync(bytes)
          .toString()
          .trimEnd()
          .split('\n')
          .map((line) => Line.parse(JSON.parse(line)).unmapped),
      );
      expect(records.map(({ sequence }) => sequence)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
      for (const { name, bytes } of own) {
        const { from = 0, to = 0 } = exportedRange(name.replace('audit-log/', '')) ?? {};
        // From what was read back, the same bytes again.
        expect(Buffer.from(await exportedBytes(records.slice(from - 1, to))).equals(bytes)).toBe(true);
      }
    }
  });
});
