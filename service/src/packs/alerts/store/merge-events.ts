/** Merges the objects of hours that are over. A burst leaves thousands of small ones, each of which an analysis would open. */
import { z } from 'zod';
import { defineWorker, type Worker } from '../../../ports/worker.ts';
import type { RecurringJob } from '../../recurring.ts';
import type { AlertPack } from '../world.ts';

const HOUR_MS = 3_600_000;
/** Hours that are left alone, because posts about them still come. */
const YOUNG = 2;
/** Hours that are looked at: what comes later than that stays as it came. */
const LOOKED_AT = 48;

export const mergeEventsWorker = ({ events, now }: Pick<AlertPack, 'events' | 'now'>): Worker =>
  defineWorker({
    name: 'merge-events',
    description: 'Merges the small objects with events of past hours into larger ones.',
    payload: z.object({}),
    work: async ({ signal }) => {
      const end = Math.floor(now().getTime() / HOUR_MS) * HOUR_MS - YOUNG * HOUR_MS;
      const period = { from: new Date(end - LOOKED_AT * HOUR_MS), to: new Date(end) };
      return { result: { objectsGone: await events.merge(period, signal) } };
    },
  });

export const mergeEventsJob: RecurringJob = { name: 'merge-events', worker: 'merge-events', cron: '25 * * * *' };
