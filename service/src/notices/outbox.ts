/** Puts what people are told of an operation into the queue, as a part of the transition itself. */
import type { Outbox } from '../operations/outbox.ts';
import type { Jobs } from '../ports/jobs.ts';
import { noticesOf } from './transitions.ts';
import type { NoticeCause } from './work.ts';
import { causeKey, TELL } from './workers.ts';

interface Parts {
  readonly jobs: Pick<Jobs, 'plan' | 'wake'>;
  readonly now: () => Date;
}

export const openOutbox = ({ jobs, now }: Parts): Outbox => ({
  of(from, operation) {
    const { operationId, version, updatedAt: at } = operation;
    const planned = noticesOf(from, operation, now()).map(({ notice, dueAt }) => {
      const payload: NoticeCause = { of: 'operation', notice, operationId, version, at };
      return jobs.plan({ worker: TELL, payload, key: causeKey(payload), notBefore: new Date(dueAt) });
    });
    // A key has the version and the time in it: where the operation can move, the job is new.
    return { writes: planned.map(({ write }) => write), possible: async () => true };
  },
  wake: () => jobs.wake(),
});

/** For a service that has nobody to tell anything: no channel is configured. */
export const noOutbox: Outbox = { of: () => ({ writes: [], possible: async () => true }), wake: () => {} };
