import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tablesOf } from '../../../contracts/tables.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { openEmbedded } from '../../src/stores/postgres/embedded.ts';
import { openNewDatabase, putNewDatabase } from '../servers/new-database.ts';
import { tablesContract } from './tables-contract.ts';

describe('tables on the embedded PostgreSQL', () => {
  tablesContract({ open: openNewDatabase });

  const writer = (dataDir: string): string => `
    import { setTimeout as sleep } from 'node:timers/promises';
    import { openEmbedded } from './service/src/stores/postgres/embedded.ts';
    const tables = await openEmbedded({ dataDir: ${JSON.stringify(dataDir)} });
    for (let i = 0; ; i += 1) {
      await tables.insert('sandbox-resources', { accountId: 'a', arn: String(i).padStart(9, '0'), record: { i } });
      process.stdout.write(i + '\\n');
      await sleep(5);
    }`;

  const until = async (done: () => boolean) => {
    for (const deadline = Date.now() + 30_000; !done(); await sleep(20))
      if (Date.now() > deadline) throw new Error('the other process wrote nothing');
  };

  it('refuses a folder that another process holds, and keeps what that process wrote until it was killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-embedded-'));
    const dataDir = join(folder, 'data');
    await putNewDatabase(dataDir);
    const child = spawn(process.execPath, ['--input-type=module', '--eval', writer(dataDir)]);
    const ended = once(child, 'exit');
    let told = '';
    child.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    let tables: TableEngine | undefined;
    try {
      await until(() => told.split('\n').length > 50);
      await expect(openEmbedded({ dataDir })).rejects.toThrow(`${dataDir} is in use by process ${child.pid}`);
      child.kill('SIGKILL');
      await ended;
      const last = Number(told.trimEnd().split('\n').at(-2));
      tables = await openEmbedded({ dataDir });
      const { items } = await tables.query('sandbox-resources', {
        partition: 'a',
        limit: 1000,
        to: String(last).padStart(9, '0'),
      });
      expect(items.map(({ record }) => record)).toEqual(Array.from({ length: last + 1 }, (_, i) => ({ i })));
    } finally {
      await tables?.close();
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('is unavailable once it is closed, and frees the folder', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'countersign-embedded-'));
    await putNewDatabase(dataDir);
    const tables = await openEmbedded({ dataDir });
    await tables.close();
    await tables.close();
    await expect(tables.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(tables.insert('sandbox-resources', { accountId: 'a', arn: 'b', record: 1 })).rejects.toMatchObject({
      code: 'store_unavailable',
    });
    const again = await openEmbedded({ dataDir });
    await again.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('writes nothing any more once its folder was taken away, not even when it is closed', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'countersign-embedded-'));
    await putNewDatabase(dataDir);
    const first = await openEmbedded({ dataDir });
    await first.insert('sandbox-resources', { accountId: 'a', arn: 'first', record: 1 });
    await rm(join(dataDir, 'folder.lock'));
    const refused = { code: 'store_unavailable', cause: expect.objectContaining({ name: 'FolderLostError' }) };
    await expect(first.insert('sandbox-resources', { accountId: 'a', arn: 'late', record: 1 })).rejects.toMatchObject(
      refused,
    );
    await expect(
      first.transact([
        { kind: 'insert', table: 'sandbox-resources', row: { accountId: 'a', arn: 'one', record: 1 } },
        { kind: 'insert', table: 'sandbox-resources', row: { accountId: 'a', arn: 'two', record: 1 } },
      ]),
    ).rejects.toMatchObject(refused);
    await expect(first.ping()).rejects.toMatchObject(refused);
    const second = await openEmbedded({ dataDir });
    await first.close();
    await second.insert('sandbox-resources', { accountId: 'a', arn: 'second', record: 1 });
    const { items } = await second.query('sandbox-resources', { partition: 'a' });
    expect(items.map(({ arn }) => arn)).toEqual(['first', 'second']);
    await second.close();
    const third = await openEmbedded({ dataDir });
    expect((await third.query('sandbox-resources', { partition: 'a' })).items).toHaveLength(2);
    await third.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('makes the tables it is asked for, adds others later, and lives with more than it is asked for', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'countersign-embedded-'));
    const [row, mine] = [{ accountId: 'a', arn: 'b', record: 1 }, tablesOf([])];
    const core = await openEmbedded({ dataDir, tables: mine });
    await expect(core.get('sandbox-resources', row)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await core.sweep()).toBe(0);
    await core.close();
    const both = await openEmbedded({ dataDir, tables: tablesOf(['tagging']) });
    await both.insert('sandbox-resources', row);
    await both.close();
    await (await openEmbedded({ dataDir, tables: mine })).close();
    const again = await openEmbedded({ dataDir, tables: tablesOf(['tagging']) });
    expect(await again.get('sandbox-resources', row)).toEqual(row);
    await again.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('begins again where a start was cut short while it made the database', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'countersign-embedded-'));
    await mkdir(join(dataDir, 'postgres', 'base'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '18');
    await writeFile(join(dataDir, 'postgres.unfinished'), '');
    const tables = await openEmbedded({ dataDir });
    await tables.ping();
    await tables.close();
    expect((await readdir(dataDir)).toSorted()).toEqual(['folder.lock', 'postgres']);
    await rm(dataDir, { recursive: true, force: true });
  });

  it('says how to go on where the database does not open, and removes nothing', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'countersign-embedded-'));
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '18');
    for (let start = 0; start < 2; start += 1)
      await expect(openEmbedded({ dataDir })).rejects.toMatchObject({
        name: 'StartError',
        message: expect.stringMatching(
          /holds a database that does not open .*Put back a backup .*move .*postgres away/,
        ),
      });
    expect(await readdir(join(dataDir, 'postgres'))).toContain('PG_VERSION');
    await rm(dataDir, { recursive: true, force: true });
  });
});
