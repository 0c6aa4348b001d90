/** The queue of jobs of this process: the port of each owner, what works them off, and what makes them at set times. */

import type { HomeWatch } from '../home/home.ts';
import { createCarried } from '../jobs/carried.ts';
import { jobsOf } from '../jobs/port.ts';
import { createRunner, type OwnedWorker, type Runner } from '../jobs/runner.ts';
import { Schedules } from '../jobs/schedules.ts';
import type { Carrier } from '../jobs/sqs.ts';
import { JobStore } from '../jobs/store.ts';
import type { RecurringJob } from '../packs/recurring.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Foundation } from './foundation.ts';
import { mayWrite } from './may-write.ts';
import type { ServiceState } from './state.ts';

/** Milliseconds between two looks, for what no wake announces: times to come, and jobs of tasks that died. */
export const LOOK_MS = 2_000;

export interface OwnedRecurringJob {
  readonly owner: string;
  readonly job: RecurringJob;
}

export interface OpenJobs extends Pick<Runner, 'idle' | 'stop'> {
  /** The port of a pack, or of the service itself: core. */
  of(owner: string): Jobs;
  /** Registers what is worked off in this process, and what comes by itself. */
  serve(workers: readonly OwnedWorker[], recurring: readonly OwnedRecurringJob[]): void;
  /** Makes the jobs of schedules that have come, and begins what is due. */
  turn(): Promise<void>;
  /** Receives messages from the queue, where one carries ids of jobs. */
  receive(): void;
  /**
   * Takes messages of that queue which Lambda received. Resolves once what they lead to has begun: see idle. False for one that
   * is to stay in the queue.
   */
  deliver(bodies: readonly string[]): Promise<readonly boolean[]>;
}

/** Where jobs are kept, and whether this region works on them. */
interface JobState extends Pick<ServiceState, 'tables'> {
  readonly home?: Pick<HomeWatch, 'isHome'> | undefined;
}

/** @param carrier carries ids of jobs between tasks. Without it each task looks into the tables */
export const openJobs = (
  { state, metrics, log, now }: Pick<Foundation, 'log' | 'metrics' | 'now'> & { readonly state: JobState },
  carrier?: Carrier,
): OpenJobs => {
  const { tables, home } = state;
  const mayWork = () => mayWrite(home);
  const workers: OwnedWorker[] = [];
  const declared = new Map<string, OwnedRecurringJob>();
  const schedules = new Schedules(tables, now);
  let written = false;

  const writeDeclared = async (): Promise<void> => {
    for (const { owner, job } of declared.values()) {
      const { name, worker, cron, timeZone = 'UTC', payload = {} } = job;
      await schedules.set(owner, { name, worker, cron, timeZone, payload }, true);
    }
    written = true;
  };
  const makeScheduled = async () => {
    const owners = new Set(['core', ...workers.map(({ owner }) => owner)]);
    return schedules.tick((row) => owners.has(row.owner) && (!row.declared || declared.has(row.scheduleId)), log);
  };

  const announcing: { announce?: ReturnType<typeof createCarried>['announce'] } = {};
  const onRequeue = async (row: Parameters<NonNullable<typeof announcing.announce>>[0]) => announcing.announce?.(row);
  const runner = createRunner({ tables, metrics, log, now, mayWork, ...(carrier !== undefined && { onRequeue }) });
  const store = new JobStore(tables, now);
  const carried = carrier && createCarried({ carrier, store, runner, workers, makeScheduled, mayWork, log, now });
  if (carried !== undefined) announcing.announce = carried.announce;
  const failed = (err: unknown) => log.error({ err }, 'jobs could not be handed over; the next tick does it');
  const wake = () => {
    if (carried === undefined) runner.wake();
    else void carried.handOver().catch(failed);
  };

  return {
    of: (owner) => jobsOf(owner, { tables, now, wake, announce: carried?.announce }),
    serve: (more, recurring) => {
      runner.add(more);
      workers.push(...more);
      for (const one of recurring) declared.set(`${one.owner}/${one.job.name}`, one);
    },
    turn: async () => {
      if (!mayWork()) return;
      if (!written) await writeDeclared();
      if (carried !== undefined) return carried.lookIfQuiet();
      await makeScheduled();
      await runner.look();
    },
    receive: () => void carried?.receive(),
    // Without a queue nothing of it can be ours.
    deliver: async (bodies) => carried?.deliver(bodies) ?? bodies.map(() => false),
    idle: (milliseconds) => runner.idle(milliseconds),
    stop: async (milliseconds) => {
      carried?.stop();
      await runner.stop(milliseconds);
      carried?.close();
    },
  };
};
