/** A process that analyses a million alarms from their event objects, for alarms.ts. Prints figures as JSON. Needs --expose-gc. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderObjects } from '../../service/src/objects/folder.ts';
import { linked } from '../../service/src/objects/index.ts';
import {
  correlate,
  correlationMethods,
  usualThresholds,
} from '../../service/src/packs/alerts/analysis/correlations.ts';
import { networkHealth } from '../../service/src/packs/alerts/analysis/network-health.ts';
import { readAlarms } from '../../service/src/packs/alerts/analysis/read-alarms.ts';
import { rootCauses, usualRootCauses } from '../../service/src/packs/alerts/analysis/root-cause-report.ts';
import { windowOf } from '../../service/src/packs/alerts/analysis/window.ts';
import { createEvents } from '../../service/src/packs/alerts/store/events.ts';
import { alarmsOfWeek, hourOfAlarms, WEEK_END } from './alarm-week.ts';
import type { AlarmFigures } from './alarms.ts';
import { median } from './process.ts';

const [count, rounds] = [Number(process.argv[2]), Number(process.argv[3])];
const collect = globalThis.gc;
if (collect === undefined || !(count > 0) || !(rounds > 0)) throw new Error('alarms.ts starts it');

const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-alarms-'));
const events = createEvents(linked(folderObjects(folder), { sign: () => Promise.reject(new Error('no links')) }));
const call = { signal: new AbortController().signal, progress: async () => {} };
const window = windowOf(new Date(WEEK_END), 7, new Date(WEEK_END));
const sources = { events, states: { all: async () => [] }, maintenanceAt: async () => () => false };

/** Seconds of processor time, of all threads. */
const seconds = async <T>(work: () => Promise<T>): Promise<readonly [result: T, seconds: number]> => {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
};

const live = (): number => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
};

const analyses = async () => {
  const [{ columns }, read] = await seconds(() => readAlarms(events, window, call));
  if (columns.size !== count) throw new Error(`${columns.size} alarms were read, not ${count}`);
  const asked = { ...usualThresholds, methods: correlationMethods, knownSites: [] };
  const [{ temporal, spatial }, correlations] = await seconds(() => correlate(columns, asked, window, call.signal));
  const [{ patterns }, causes] = await seconds(() => rootCauses(columns, usualRootCauses, call.signal));
  if (patterns.length === 0 || temporal?.total === 0) throw new Error('the week has no story');
  const { at, severity, item, siteStart } = columns;
  const bytes = [at, severity, item, siteStart].reduce((sum, { byteLength }) => sum + byteLength, 0);
  return {
    read,
    correlations,
    causes,
    megabytes: bytes / 2 ** 20,
    pairs: (temporal?.total ?? 0) + (spatial?.total ?? 0),
  };
};

/** The most that is live at any time, above what the process has when it does nothing. */
const mostLive = async (idle: number): Promise<number> => {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, live());
  }, 50);
  await analyses();
  clearInterval(timer);
  return most - idle;
};

try {
  const idle = live();
  for (const [hour, alarms] of alarmsOfWeek(count)) await events.write('bench', hourOfAlarms(hour, alarms));
  await analyses();
  const measured: Awaited<ReturnType<typeof analyses>>[] = [];
  const boards: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    measured.push(await analyses());
    boards.push((await seconds(() => networkHealth(sources, window, call)))[1]);
  }
  const of = (figure: (each: (typeof measured)[number]) => number): number => median(measured.map(figure));
  const figures: AlarmFigures = {
    alarms: count,
    rounds,
    readSeconds: of(({ read }) => read),
    correlationSeconds: of(({ correlations }) => correlations),
    causeSeconds: of(({ causes }) => causes),
    boardSeconds: median(boards),
    columnMegabytes: of(({ megabytes }) => megabytes),
    pairs: of(({ pairs }) => pairs),
    liveMegabytes: await mostLive(idle),
  };
  process.stdout.write(JSON.stringify(figures));
} finally {
  await rm(folder, { recursive: true });
}
