/** Posts of alerts are applied by the jobs of the service: also by the next process, where the one that took them is killed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { folderObjects } from '../../src/objects/folder.ts';
import { createEvents } from '../../src/packs/alerts/store/events.ts';
import { createStates } from '../../src/packs/alerts/store/states.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';
import { alertObjects } from '../rigs/alerts.ts';
import { assembleInMemory } from '../rigs/whole.ts';
import { bare, programFlags } from '../servers/bare.ts';
import { startChild } from '../servers/running.ts';
import { alertPosts, alertToken, postAlerts } from './alert-posts.ts';

const variables = {
  ...{ TOOL_PACKS: 'alerts', ALERT_NETWORK: 'live', ALERTMANAGER_TOKEN: alertToken },
  ...{ SSO_ISSUER: 'https://login.example.com', SSO_CLIENT_ID: 'x', SSO_CLIENT_SECRET: 'y' },
  ENCRYPTION_KEY: 'one key for all of them, as long as it has to be',
};

/** A process of its own state over a folder, and what it has done. */
const openTask = async (folder: string) => {
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const { app, jobs, packs } = await assembleInMemory(
    { ...variables, DATA_DIR: folder },
    openMemoryTables({ now }),
    now,
  );
  return {
    app,
    /** What its timer does, this much later. */
    later: async (seconds: number) => {
      ahead += seconds * 1000;
      await jobs.turn();
      await jobs.idle(10_000);
    },
    close: async () => {
      await app.close();
      // What runs would write into the folder while it is removed.
      await jobs.stop(10_000);
      await packs.close();
    },
  };
};

const found = async (folder: string) => {
  const objects = alertObjects(folderObjects(join(folder, 'objects')));
  const all = await createStates(objects, pino({ level: 'silent' }), () => new Date()).all();
  const alerts = all.map(({ element_id, status, duplicate_count, occurrence_count }) =>
    [element_id, status, duplicate_count, occurrence_count].join(' '),
  );
  const ids: string[] = [];
  const day = { from: new Date('2026-05-01T00:00:00Z'), to: new Date('2026-05-02T00:00:00Z') };
  for await (const page of createEvents(objects).read(day, AbortSignal.timeout(10_000)))
    ids.push(...page.map(({ event_id }) => event_id));
  const waiting = (await objects.list('alerts/inbox/', { limit: 100 })).items.length;
  return { alerts: alerts.sort(), events: [ids.length, new Set(ids).size], waiting };
};
/** Forty that fired twice; then every other one ended, and the others fired once more. */
const expected = {
  alerts: Array.from({ length: 40 }, (_, nth) =>
    nth % 2 === 0 ? `cell-${nth} resolved 1 1` : `cell-${nth} firing 2 1`,
  ).sort(),
  events: [120, 120],
  waiting: 0,
};

describe('posts of alerts', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-killed-alerts-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are kept when their sender hears so, and applied within seconds by a job', async () => {
    const task = await openTask(folder);
    for (const post of alertPosts) await postAlerts(task.app, post);
    expect(await found(folder)).toEqual({ alerts: [], events: [0, 0], waiting: 3 });
    await task.later(6);
    expect(await found(folder)).toEqual(expected);
    await task.close();
  });

  it('are all applied by the next process, and none is counted twice, where the first is killed in the middle', async () => {
    const env = { ...bare(), ...variables, DATA_DIR: folder, KILLED_AFTER_WRITES: '12' };
    const killed = startChild(process.execPath, [...programFlags, 'service/test/faults/applying.ts'], { env });
    await killed.ended;
    expect([killed.end(), killed.output()]).toEqual(['ended with SIGKILL', 'all posts are taken\n']);
    const left = await found(folder);
    expect([left.waiting, left.alerts.length > 0, left.alerts.length < 40]).toEqual([3, true, true]);

    const task = await openTask(folder);
    await task.later(0);
    await task.later(61);
    expect(await found(folder)).toEqual(expected);
    await task.close();
  });
});
