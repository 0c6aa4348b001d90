/** Looks whom to tell what: within seconds of a change, when something is due, and each minute. */
import { z } from 'zod';
import { defineWorker, type Worker } from '../../../ports/worker.ts';
import type { RecurringJob } from '../../recurring.ts';
import type { Escalations } from '../escalation/escalations.ts';
import { remindAuthors } from '../silences/reminders.ts';
import { nextEdge } from './edges.ts';
import { createGroupDesk } from './groups.ts';
import { readScene } from './scene.ts';
import { TELL_WORKER } from './soon.ts';
import type { TellPack } from './tell-pack.ts';

/** A look that is late by a second is not worth a job of its own. */
const SECOND_MS = 1000;

/** Whatever a change missed to announce is found within a minute. */
export const tellAlertsJob: RecurringJob = { name: TELL_WORKER, worker: TELL_WORKER, cron: '* * * * *' };

export const tellAlertsWorker = (pack: TellPack, escalations: Pick<Escalations, 'look'>): Worker => {
  const groups = createGroupDesk(pack);
  return defineWorker({
    name: TELL_WORKER,
    description: 'Tells people of alerts: groups that are due, the next step of escalations, and silences that last.',
    payload: z.object({}),
    atOnce: 1,
    work: async ({ now }) => {
      const scene = await readScene(pack);
      await remindAuthors(pack, scene);
      const dues = [await groups.look(scene), await escalations.look(scene), nextEdge(scene)].flatMap(
        (due) => due ?? [],
      );
      if (dues.length === 0) return undefined;
      // By the clock of jobs, because the pack's may have been moved.
      const due = Math.ceil(Math.min(...dues) / SECOND_MS) * SECOND_MS;
      const notBefore = new Date(now().getTime() + Math.max(0, due - scene.now.getTime()));
      await pack.jobs.enqueue({
        worker: TELL_WORKER,
        payload: {},
        key: `due/${new Date(due).toISOString()}`,
        notBefore,
      });
      return undefined;
    },
  });
};
