/** The whole service over tables in memory, without a listener: what `app.inject` and the catalogue's tests need. */
import { pino } from 'pino';
import { parseConfig } from '../../src/config.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { assemble, type Service } from '../../src/start/assemble.ts';
import { openMemoryEphemeral } from '../../src/stores/memory/ephemeral.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';

export const assembleInMemory = (
  variables: Readonly<Record<string, string>> = {},
  tables: TableEngine = openMemoryTables(),
  now: () => Date = () => new Date(),
): Promise<Service> =>
  assemble({
    config: parseConfig({ ENCRYPTION_KEY: 'a key for tests, long enough to be one', ...variables }),
    state: { tables, ephemeral: openMemoryEphemeral(), exclusive: true },
    metrics: { count: () => {}, observe: () => {}, set: () => {} },
    log: pino({ level: 'silent' }),
    now,
    draining: () => false,
  });
