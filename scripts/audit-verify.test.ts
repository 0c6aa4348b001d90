import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openAuditLog } from '../service/src/audit/log.ts';
import { hmac } from '../service/src/audit/mac.ts';
import { deriveSecrets } from '../service/src/auth/secrets.ts';
import { parseConfig } from '../service/src/config.ts';
import type { TableEngine } from '../service/src/ports/tables.ts';
import { start } from '../service/src/start/start.ts';
import { openEmbedded } from '../service/src/stores/postgres/embedded.ts';
import { bare, programFlags } from '../service/test/servers/bare.ts';
import { putNewDatabase } from '../service/test/servers/new-database.ts';

const progress = expect.stringMatching(/^Reading the audit log \.* ?[\d.]+ s\n$/);
const key = 'a key for tests, long enough to be one';

describe('audit:verify', () => {
  let folder: string;
  let dataDir: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-verify-'));
    dataDir = join(folder, 'data');
    await mkdir(dataDir);
    await putNewDatabase(dataDir);
    await writeFile(join(dataDir, 'encryption-key'), key);
    await withTables(async (tables) => {
      const log = openAuditLog({
        tables,
        now: () => new Date(),
        retentionDays: 1,
        keys: [hmac(deriveSecrets(key).auditKey)],
      });
      for (const userId of ['ada', 'ada', 'grace'])
        await log.append({ userId, correlationId: 'c', tool: 't', action: 'read', result: 'success' });
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const withTables = async (work: (tables: TableEngine) => Promise<unknown>) => {
    const tables = await openEmbedded({ dataDir });
    await work(tables).finally(() => tables.close());
  };
  const run = (...args: string[]) => runIn(dataDir, ...args);
  const runIn = async (DATA_DIR: string, ...args: string[]) => {
    const env = { ...bare(), DATA_DIR };
    const child = spawn(process.execPath, [...programFlags, 'scripts/audit-verify.ts', ...args], { env });
    const [out, error, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise((resolve) => child.once('close', resolve)),
    ]);
    return { out, error, code };
  };

  it('tells a whole log from a broken one by its exit code, for all and for one person', async () => {
    expect(await run()).toEqual({ out: '3 records in 2 chains are whole.\n', error: progress, code: 0 });
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
    expect(await run('--person', 'grace')).toMatchObject({
      code: 2,
      error: expect.stringContaining('no chain of grace'),
    });
    expect((await run('--person', 'grace', '--since', report)).code).toBe(1);
  });

  it('says so when it cannot verify', async () => {
    const [unknown, held] = [await run('--persons', 'ada'), await whileHeld(() => run())];
    expect(unknown).toMatchObject({ code: 64, out: '', error: expect.stringContaining('did you mean --person?') });
    expect(held).toMatchObject({ code: 2, out: '', error: expect.stringContaining('in use by process') });
  });

  it('finds nothing whole where there is nothing, and makes nothing', async () => {
    const fresh = join(folder, 'fresh');
    expect(await runIn(fresh)).toMatchObject({ code: 2, out: '', error: expect.stringContaining('nothing to verify') });
    expect(existsSync(fresh)).toBe(false);
  });

  it('does not take a log for absent whose database was deleted beside its anchors', async () => {
    const emptied = join(folder, 'emptied');
    const running = await start(parseConfig({ DATA_DIR: emptied, PORT: '0', LOG_LEVEL: 'silent' }));
    await running.audit.append({ userId: 'ada', correlationId: 'c', tool: 't', action: 'read', result: 'success' });
    await running.stop();
    expect(await runIn(emptied)).toMatchObject({ code: 0, error: progress, out: '1 record in 1 chain is whole.\n' });
    await rm(join(emptied, 'postgres'), { recursive: true });
    const { code, out } = await runIn(emptied);
    expect(out).toContain('BROKEN ada: record 1 forged-head: the head is gone; an anchor names it.');
    expect(code).toBe(1);
    expect(existsSync(join(emptied, 'postgres'))).toBe(false);
  });

  it('explains itself', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      error: '',
      out: expect.stringMatching(/Exit code:\n {3}0 {2}whole\n {3}1 {2}broken\n/),
    });
  });

  const whileHeld = async <R>(work: () => Promise<R>): Promise<R> => {
    const tables = await openEmbedded({ dataDir });
    return work().finally(() => tables.close());
  };
});
