import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openAuditLog } from '../service/src/audit/log.ts';
import { openEmbedded } from '../service/src/stores/postgres/embedded.ts';
import type { TableEngine } from '../service/src/tables.ts';

describe('audit:verify', () => {
  let folder: string;
  let dataDir: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-verify-'));
    dataDir = join(folder, 'data');
    await withTables(async (tables) => {
      const log = openAuditLog({ tables, now: () => new Date(), retentionDays: 1 });
      for (const userId of ['ada', 'ada', 'grace'])
        await log.append({ userId, correlationId: 'c', tool: 't', action: 'read', result: 'success' });
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const withTables = async (work: (tables: TableEngine) => Promise<unknown>) => {
    const tables = await openEmbedded({ dataDir });
    await work(tables).finally(() => tables.close());
  };
  const run = async (...args: string[]) => {
    const env = { PATH: process.env.PATH, DATA_DIR: dataDir };
    const child = spawn(process.execPath, ['scripts/audit-verify.ts', ...args], { env });
    const [out, error, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise((resolve) => child.once('close', resolve)),
    ]);
    return { out, error, code };
  };

  it('tells a whole log from a broken one by its exit code, for all and for one person', async () => {
    expect(await run()).toEqual({ out: '3 records in 2 chains are whole.\n', error: '', code: 0 });
    const { out } = await run('--json');
    const report = join(folder, 'report.json');
    await writeFile(report, out);
    expect(JSON.parse(out)).toMatchObject({ partitions: 2, records: 3, breaks: [], heads: { ada: { sequence: 2 } } });

    await withTables(async (tables) => {
      const [first] = (await tables.query('audit-logs', { partition: 'ada' })).items;
      if (first !== undefined) await tables.put('audit-logs', { ...first, result: 'failure' });
      await tables.remove('audit-heads', { userId: 'grace' });
      for (const { userId, timestamp } of (await tables.query('audit-logs', { partition: 'grace' })).items)
        await tables.remove('audit-logs', { userId, timestamp });
    });
    const broken = await run('--person', 'ada');
    expect(broken.out).toMatch(/^\d records? in 1 chain (is|are) whole\.\n/);
    expect(broken.code).toBe(1);
    expect(broken.out).toContain('BROKEN ada: record 1 changed');
    expect((await run('--person', 'grace')).code).toBe(0);
    expect((await run('--person', 'grace', '--since', report)).code).toBe(1);
  });

  it('says so when it cannot verify', async () => {
    const [unknown, held] = [await run('--persons', 'ada'), await whileHeld(() => run())];
    expect(unknown).toMatchObject({ code: 2, out: '', error: expect.stringContaining('--persons') });
    expect(held).toMatchObject({ code: 2, out: '', error: expect.stringContaining('in use by process') });
  });

  const whileHeld = async <R>(work: () => Promise<R>): Promise<R> => {
    const tables = await openEmbedded({ dataDir });
    return work().finally(() => tables.close());
  };
});
