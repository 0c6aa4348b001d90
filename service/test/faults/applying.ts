/**
 * A program for killed-alerts.test.ts: the service with its real jobs, over the folder of DATA_DIR. It takes posts of alerts in, and
 * kills itself in the middle of applying them, once so many writes are done. No handler runs and nothing is flushed.
 */
import process from 'node:process';
import pino from 'pino';
import { parseConfig } from '../../src/config.ts';
import { openAlerts } from '../../src/packs/alerts/open.ts';
import type { OpenPack } from '../../src/packs/pack.ts';
import { assemble } from '../../src/start/assemble.ts';
import { openMemoryEphemeral } from '../../src/stores/memory/ephemeral.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';
import { alertPosts, postAlerts } from './alert-posts.ts';

let left = Number(process.env.KILLED_AFTER_WRITES);
const alerts: OpenPack = (services) => {
  const { objects } = services;
  const put: typeof objects.put = async (key, ...rest) => {
    const written = await objects.put(key, ...rest);
    if (!key.startsWith('alerts/inbox/')) left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
    return written;
  };
  return openAlerts({ ...services, objects: { ...objects, put } });
};

let ahead = 0;
const now = () => new Date(Date.now() + ahead);
const { app, jobs } = await assemble({
  config: parseConfig(process.env),
  state: { tables: openMemoryTables({ now }), ephemeral: openMemoryEphemeral({ now }), exclusive: true },
  metrics: { count: () => {}, observe: () => {}, set: () => {} },
  log: pino({ level: 'silent' }),
  now,
  packs: { alerts },
  draining: () => false,
});
for (const post of alertPosts) await postAlerts(app, post);
process.stdout.write('all posts are taken\n');
ahead = 6000;
await jobs.turn();
await jobs.idle(10_000);
process.stdout.write('nothing killed it\n');
