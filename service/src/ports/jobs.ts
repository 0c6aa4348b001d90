/**
 * The port to work that outlives a request: a durable queue, and schedules that fill it. A job is a row of the table `jobs`, which is
 * the truth about it whatever carries the work: the tables alone, or a queue of SQS whose messages name the row.
 */
import type { Page, TableQuery, Write } from './tables.ts';
import type { Progress } from './worker.ts';

/**
 * waiting: for its time or its turn. running: a task holds its lease. failed: it was tried as often as its worker says, and is kept
 * until somebody replays it. superseded: a newer one took its place, or nobody needs it.
 */
export type JobStatus = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'superseded';

export interface JobRequest {
  /** Name of the worker that does it. */
  readonly worker: string;
  /** JSON, as the worker's schema takes it. No secrets: people with the pack's scopes see it. */
  readonly payload: unknown;
  /** One key of one worker is one job for as long as its row is kept: two weeks after it ended. Default: a new job each time. */
  readonly key?: string;
  /** Of jobs of one topic that wait, only the newest is done; the others end as superseded. */
  readonly topic?: string;
  /** Default: now. */
  readonly notBefore?: Date;
  /** The person who asked for it. */
  readonly requestedBy?: string;
}

export interface JobView {
  readonly jobId: string;
  readonly owner: string;
  readonly worker: string;
  readonly status: JobStatus;
  readonly payload: unknown;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** The earliest time of its next try. */
  readonly notBefore: Date;
  readonly occurrence?: { readonly at: Date; readonly skipped: number };
  readonly progress?: Progress;
  readonly result?: unknown;
  readonly lastError?: string;
  readonly requestedBy?: string;
  readonly decidedBy?: string;
}

export interface Enqueued {
  readonly jobId: string;
  /** False: a job of this key was there already, whatever became of it. */
  readonly isNew: boolean;
}

/** A job as a part of another transaction. */
export interface PlannedJob {
  readonly jobId: string;
  /** An insert: the whole transaction fails where a job of its key is there. */
  readonly write: Write & { readonly table: 'jobs' };
}

export interface ScheduleRequest {
  /** Unique in the pack. */
  readonly name: string;
  readonly worker: string;
  readonly payload: unknown;
  /** Minute, hour, day of the month, month, day of the week: `30 2 * * MON`. */
  readonly cron: string;
  /** Of the IANA database. */
  readonly timeZone: string;
  readonly createdBy?: string;
}

export interface JobSchedule extends Omit<ScheduleRequest, 'createdBy'> {
  readonly owner: string;
  /** Undefined: it never comes again. */
  readonly nextAt?: Date;
  readonly lastAt?: Date;
  readonly lastJobId?: string;
  /** Occurrences that were missed, since it was made. */
  readonly skipped: number;
  readonly createdBy?: string;
}

type Paging = Pick<TableQuery<'jobs'>, 'limit' | 'cursor'>;

/** Jobs of one owner: a pack, or the service itself. */
export interface Jobs {
  /** Begins within seconds. At least once: see Worker.work. */
  enqueue(request: JobRequest): Promise<Enqueued>;
  /**
   * The job as a write beside others: it is there if and only if they are. Call `wake` once the transaction holds.
   * @example
   * const reminder = jobs.plan({ worker: 'remind', payload: { noteId }, key: noteId });
   * if (await tables.transact([{ kind: 'put', table: 'notes', row }, reminder.write])) jobs.wake();
   */
  plan(request: JobRequest): PlannedJob;
  /** Has this task look for work at once. Without it a planned job begins with the next look. */
  wake(): void;
  get(jobId: string): Promise<JobView | undefined>;
  /** The newest first. */
  list(status: JobStatus, page?: Paging): Promise<Page<JobView>>;
  /** Rows that the job reported, in the order of their places. Undefined: no such job. */
  results(
    jobId: string,
    page?: Paging,
  ): Promise<Page<{ readonly place: string; readonly record: unknown }> | undefined>;
  /**
   * Ends a job that waits or runs. Work under way is told by its signal within seconds.
   * @throws not_found; conflict when it has ended
   */
  cancel(jobId: string, by: string): Promise<JobView>;
  /** Has a failed or cancelled job tried again, as often as a new one. @throws not_found; conflict when it waits, runs or is done */
  replay(jobId: string, by: string): Promise<JobView>;
  /** Ends what waits of a topic, because nobody needs it any more. Returns how many. */
  supersede(worker: string, topic: string): Promise<number>;
  /** Makes a schedule, or changes the one of this name; what changes nothing moves nothing. @throws invalid_input naming cron or timeZone */
  schedule(request: ScheduleRequest): Promise<JobSchedule>;
  /**
   * When a schedule would come next, without making one. Undefined: never.
   * @param after default: now
   * @throws invalid_input naming cron or timeZone
   */
  comesNext(schedule: Pick<ScheduleRequest, 'cron' | 'timeZone'>, after?: Date): Date | undefined;
  /** False: there was none. */
  unschedule(name: string): Promise<boolean>;
  schedules(page?: Paging): Promise<Page<JobSchedule>>;
}
