/** The queue of jobs of this process: the port of each owner, what works them off, and what makes them at set times. */
import { jobsOf } from '../jobs/port.ts';
import { createRunner, type OwnedWorker, type Runner } from '../jobs/runner.ts';
import { Schedules } from '../jobs/schedules.ts';
import type { RecurringJob } from '../packs/recurring.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Foundation } from './foundation.ts';
import { mayWrite } from './may-write.ts';

/** Milliseconds between two looks, for what no wake announces: times to come, and jobs of tasks that died. */
export const LOOK_MS = 2_000;

export interface OwnedRecurringJob {
  readonly owner: string;
  readonly job: RecurringJob;
}

export interface OpenJobs extends Pick<Runner, 'take' | 'idle' | 'stop'> {
  /** The port of a pack, or of the service itself: core. */
  of(owner: string): Jobs;
  /** Registers what is worked off in this process, and what comes by itself. */
  serve(workers: readonly OwnedWorker[], recurring: readonly OwnedRecurringJob[]): void;
  /** Makes the jobs of schedules that have come, and begins what is due. */
  turn(): Promise<void>;
}

export const openJobs = ({ state, log, now }: Pick<Foundation, 'state' | 'log' | 'now'>): OpenJobs => {
  const { tables, home } = state;
  const mayWork = () => mayWrite(home);
  const runner = createRunner({ tables, log, now, mayWork });
  const schedules = new Schedules(tables, now);
  const owners = new Set(['core']);
  const declared = new Map<string, OwnedRecurringJob>();
  let written = false;

  const writeDeclared = async (): Promise<void> => {
    for (const { owner, job } of declared.values()) {
      const { name, worker, cron, timeZone = 'UTC', payload = {} } = job;
      await schedules.set(owner, { name, worker, cron, timeZone, payload }, true);
    }
    written = true;
  };

  return {
    of: (owner) => jobsOf(owner, { tables, now, wake: () => runner.wake() }),
    serve: (workers, recurring) => {
      runner.add(workers);
      for (const { owner } of workers) owners.add(owner);
      for (const one of recurring) declared.set(`${one.owner}/${one.job.name}`, one);
    },
    turn: async () => {
      if (!mayWork()) return;
      if (!written) await writeDeclared();
      await schedules.tick((row) => owners.has(row.owner) && (!row.declared || declared.has(row.scheduleId)), log);
      await runner.look();
    },
    take: (jobId) => runner.take(jobId),
    idle: (milliseconds) => runner.idle(milliseconds),
    stop: (milliseconds) => runner.stop(milliseconds),
  };
};
