/** The port of jobs, bound to its owner: a pack reaches its own jobs and schedules, and others' are as unknown as none. */
import type { Jobs } from '../ports/jobs.ts';
import type { Tables } from '../ports/tables.ts';
import { occurrencesOf } from './occurrences.ts';
import { type JobRow, newRow, toJob, topicOf } from './row.ts';
import { Schedules } from './schedules.ts';
import { JobStore } from './store.ts';

export interface JobsParts {
  readonly tables: Tables;
  readonly now: () => Date;
  readonly wake: () => void;
  /** Where a queue carries ids of jobs: sends that of one. */
  readonly announce?: ((row: JobRow) => Promise<void>) | undefined;
}

export const jobsOf = (owner: string, { tables, now, wake, announce }: JobsParts): Jobs => {
  const store = new JobStore(tables, now);
  const schedules = new Schedules(tables, now);
  const own = async (jobId: string) => {
    const row = await store.get(jobId);
    return row?.owner === owner ? row : undefined;
  };
  return {
    enqueue: async (request) => {
      const row = newRow(owner, request, now(), announce !== undefined);
      const isNew = await store.insert(row);
      if (isNew) await (announce === undefined ? wake() : announce(row));
      return { jobId: row.jobId, isNew };
    },
    plan: (request) => {
      const row = newRow(owner, request, now());
      return { jobId: row.jobId, write: { kind: 'insert', table: 'jobs', row } };
    },
    wake,
    get: async (jobId) => {
      const row = await own(jobId);
      return row && toJob(row);
    },
    list: (status, page) => store.list(owner, status, page),
    results: async (jobId, page) => ((await own(jobId)) === undefined ? undefined : store.results(jobId, page)),
    cancel: (jobId, by) => store.cancel(owner, jobId, by),
    replay: async (jobId, by) => {
      const job = await store.replay(owner, jobId, by);
      wake();
      return job;
    },
    supersede: (worker, topic) => store.supersede(topicOf(owner, worker, topic)),
    schedule: (request) => schedules.set(owner, request),
    comesNext: ({ cron, timeZone }, after = now()) => occurrencesOf(cron, timeZone).after(after),
    unschedule: (name) => schedules.remove(owner, name),
    schedules: (page) => schedules.list(owner, page),
  };
};
