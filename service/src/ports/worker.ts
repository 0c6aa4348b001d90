/** What does the work of jobs: a worker is data, one a kind of work. */
import type { Logger } from 'pino';
import type { z } from 'zod';

/** How far a job is, as people read it. */
export interface Progress {
  readonly done: number;
  /** Unknown where it is left out. */
  readonly total?: number;
  /** A few words: `reading accounts`. */
  readonly note?: string;
}

/** A job that a worker is given. */
export interface WorkedJob<Payload> {
  /** The same at each try. */
  readonly jobId: string;
  readonly payload: Payload;
  /** 1 at the first try. */
  readonly attempt: number;
  readonly createdAt: Date;
  readonly requestedBy?: string;
  /** Of a job that a schedule made: when it was due, and how many occurrences before that were missed. */
  readonly occurrence?: { readonly at: Date; readonly skipped: number };
  /**
   * Aborted when somebody cancels the job, its lease is lost, it took longer than `longestSeconds`, or the task stops. Work that
   * goes on after that may run beside another task's.
   */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly now: () => Date;
  /**
   * Says how far it is and keeps rows of its result, in one write that fails once the job is somebody else's.
   * @param results by place. Places sort as texts, so write numbers with leading zeros; a row that is written again replaces the
   *   first, so a second try leaves no doubles. At most 99.
   * @throws conflict when the job is not this task's any more
   */
  report(progress: Progress, results?: Readonly<Record<string, unknown>>): Promise<void>;
}

/** What came of it. Nothing: it is done. */
export type WorkOutcome =
  /** It is done, with a small result; large ones are rows of `report`. */
  | { readonly result: unknown }
  /** Nobody needs it any more, because of this. */
  | { readonly superseded: string }
  | undefined;

/** A failure whose message people may read on the page of jobs. Of other errors they read the code or the name only. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure';
  /** Whether another try may help. Without it the job fails at once. */
  readonly retry: boolean;
  /** Seconds that the upstream wants to be left alone; the next try is not before. */
  readonly retryAfterSeconds: number;

  constructor(message: string, options: { retry?: boolean; retryAfterSeconds?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.retry = options.retry ?? true;
    this.retryAfterSeconds = options.retryAfterSeconds ?? 0;
  }
}

/** Seconds between tries: six tries in about three hours. */
export const DEFAULT_DELAYS: readonly number[] = [5, 60, 300, 1800, 7200];

export interface Worker<Payload extends z.ZodType = z.ZodType> {
  /** Unique in its pack. Jobs name it, so it is never renamed while some wait. */
  readonly name: string;
  /** One sentence for people. */
  readonly description: string;
  /** A job whose payload it refuses fails at once and is kept. */
  readonly payload: Payload;
  /** Jobs of it that one task does at once. Default: 4. */
  readonly atOnce?: number;
  /** Seconds from a failed try to the next, one a retry. After the last the job has failed. Default: DEFAULT_DELAYS. */
  readonly delays?: readonly number[];
  /** Seconds one try may take. Default: 900. */
  readonly longestSeconds?: number;
  /**
   * Does it. It may be called again for a job that was done already, because a task can die after the work and before it says so:
   * whatever must happen once needs the job's id as its idempotency key.
   * @throws JobFailure or any error: the job is tried again after its delay
   */
  work(job: WorkedJob<z.output<Payload>>): Promise<WorkOutcome>;
}

/**
 * Gives a worker's payload its type.
 * @example
 * export const countNotes = (notes: Notes): Worker =>
 *   defineWorker({
 *     name: 'count-notes',
 *     description: 'Counts the notes of a team.',
 *     payload: z.object({ team: z.string() }),
 *     work: async ({ payload: { team }, signal }) => ({ result: { count: await notes.count(team, signal) } }),
 *   });
 */
export const defineWorker = <Payload extends z.ZodType>(worker: Worker<Payload>): Worker => worker;
