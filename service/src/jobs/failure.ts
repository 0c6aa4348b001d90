/** What follows from a try that failed. */
import { CountersignError } from '../errors.ts';
import { DEFAULT_DELAYS, JobFailure, type Worker } from '../ports/worker.ts';
import { ended, type JobRow, requeued } from './row.ts';

const MOST_CHARACTERS = 500;

/** What people may read of an error. The text of any other may quote what came from outside, and so is in the log alone. */
const tellable = (error: unknown): string => {
  if (error instanceof JobFailure) return error.message.slice(0, MOST_CHARACTERS);
  if (error instanceof CountersignError) return `${error.code}: ${error.message}`.slice(0, MOST_CHARACTERS);
  return `${error instanceof Error ? error.name : 'An error'}: see the log for this job`;
};

const delaysOf = ({ delays = DEFAULT_DELAYS }: Pick<Worker, 'delays'>): readonly number[] => delays;

/** The row after a try that failed: back in the queue after its delay, or failed. */
export const afterFailure = (row: JobRow, worker: Pick<Worker, 'delays'>, error: unknown, now: Date): JobRow => {
  const lastError = tellable(error);
  const { retry, retryAfterSeconds } = error instanceof JobFailure ? error : { retry: true, retryAfterSeconds: 0 };
  const delay = delaysOf(worker)[row.attempts - 1];
  if (!retry || delay === undefined) return ended(row, 'failed', now, { lastError });
  const seconds = Math.max(delay, retryAfterSeconds);
  return requeued(row, now, new Date(now.getTime() + seconds * 1000), { lastError });
};

/** Whether it was begun as often as it may be: each of these tasks died, or was not heard of again. */
export const isOutOfTries = (row: JobRow, worker: Pick<Worker, 'delays'>): boolean =>
  row.attempts > delaysOf(worker).length;

export const outOfTries = (row: JobRow, now: Date): JobRow =>
  ended(row, 'failed', now, {
    lastError: `The task that worked on it ended before the work did, at try ${row.attempts}`,
  });
