/**
 * A program for export-killed.test.ts: one round of the export of the audit log, as a task does it, that kills itself right after
 * a file is written. No handler runs and nothing is flushed, as when a host goes away.
 */
import process from 'node:process';
import { pino } from 'pino';
import { openArchive } from '../../src/archive/index.ts';
import { openAuditExport } from '../../src/audit/export/export.ts';
import { parseConfig } from '../../src/config.ts';
import { openTables } from '../../src/start/state.ts';

const config = parseConfig(process.env);
const now = () => new Date();
const archive = await openArchive(config);
if (archive === undefined) throw new Error('AUDIT_EXPORT_BUCKET is not set');

await openAuditExport({
  tables: await openTables(config, now),
  archive: {
    place: archive.place,
    create: async (name, bytes) => {
      await archive.create(name, bytes);
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => {});
    },
  },
  metrics: { count: () => {}, set: () => {} },
  log: pino({ level: 'silent' }),
  now,
}).run();
