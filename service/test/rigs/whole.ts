/** The whole service over tables in memory, without a listener: what `app.inject` and the catalogue's tests need. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { parseConfig } from '../../src/config.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { assemble, type Service } from '../../src/start/assemble.ts';
import { openMemoryEphemeral } from '../../src/stores/memory/ephemeral.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';

/** Objects are in a folder of this service's own, which goes when its packs are closed: nobody finds what another test left. */
export const assembleInMemory = async (
  variables: Readonly<Record<string, string>> = {},
  tables: TableEngine = openMemoryTables(),
  now: () => Date = () => new Date(),
): Promise<Service> => {
  const folder = join(tmpdir(), `countersign-whole-${randomUUID()}`);
  const own = { ENCRYPTION_KEY: 'a key for tests, long enough to be one', DATA_DIR: folder };
  const service = await assemble({
    config: parseConfig({ ...own, ...variables }),
    state: { tables, ephemeral: openMemoryEphemeral(), exclusive: true },
    metrics: { count: () => {}, observe: () => {}, set: () => {} },
    log: pino({ level: 'silent' }),
    now,
    draining: () => false,
  });
  const { packs, jobs } = service;
  const close = async () => {
    // What runs would write into the folder while it is removed.
    await jobs.stop(10_000);
    await packs.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...service, packs: { ...packs, close } };
};
