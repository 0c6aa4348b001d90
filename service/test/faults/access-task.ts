/**
 * A program for killed-access.test.ts: decides a request for access, and kills itself just before or just after the write of it. No
 * handler runs and nothing is flushed, as when a host goes away.
 */
import process from 'node:process';
import { jobsOf } from '../../src/jobs/port.ts';
import { openAccessOutbox } from '../../src/notices/access-notices.ts';
import type { Tables } from '../../src/ports/tables.ts';
import { openPostgres } from '../../src/stores/postgres/server.ts';
import { openAccessRig, somebody } from '../rigs/access.ts';

const { DATABASE_URL: url = '', CRASH_AT: moment, REQUEST_ID: requestId = '' } = process.env;
const now = () => new Date();
const tables = await openPostgres({ url, now });
const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

const crashing: Tables = {
  get: (table, key) => tables.get(table, key),
  query: (table, query) => tables.query(table, query),
  insert: (table, row) => tables.insert(table, row),
  put: (table, row, expect) => tables.put(table, row, expect),
  remove: (table, key, expect) => tables.remove(table, key, expect),
  transact: async (writes) => {
    if (moment === 'before') die();
    const done = await tables.transact(writes);
    if (moment === 'after') die();
    return done;
  },
};

const outbox = openAccessOutbox({ jobs: jobsOf('core', { tables, now, wake: () => {} }), now });
await openAccessRig(crashing, now, {}, outbox).decide(somebody('ben', 'north', ['tag:approve']), requestId);
