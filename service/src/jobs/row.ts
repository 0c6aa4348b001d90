/** A row of the table of jobs through its life. Pure: what each transition writes. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Row } from '../../../contracts/tables.ts';
import { sha256 } from '../canonical.ts';
import type { JobRequest, JobStatus, JobView } from '../ports/jobs.ts';

export type JobRow = Row<'jobs'>;

/** Seconds for which a task that works on a job keeps others away, from its last sign of life. */
export const LEASE_SECONDS = 60;
/** Days that a job is kept once it is done, cancelled or superseded. As long, its idempotency key is known. */
export const KEPT_DAYS = 14;
/** Seconds that SQS keeps a message back at most: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
export const MOST_DELAY_SECONDS = 900;
/** Seconds after which a job that was handed to a queue is handed over again. */
const HAND_SECONDS = 900;
/** Seconds that a job for which a task has no room stays in the tables. */
const PUT_OFF_SECONDS = 30;
/** Days that a failed job waits to be looked at. */
const FAILED_DAYS = 90;

const Progress = z.object({ done: z.number(), total: z.number().optional(), note: z.string().optional() });
const statuses: readonly string[] = [
  'waiting',
  'running',
  'done',
  'failed',
  'cancelled',
  'superseded',
] satisfies JobStatus[];
/** Also of a row that a newer version wrote: a status that this one does not know has ended. */
const statusOf = (status: string): JobStatus => (statuses.includes(status) ? (status as JobStatus) : 'superseded');

export const openInOf = (owner: string, worker: string): string => `${owner}/${worker}`;
export const topicOf = (owner: string, worker: string, topic: string): string =>
  `${owner}/${worker}/${sha256(topic).slice(0, 32)}`;
export const listedInOf = (owner: string, status: JobStatus): string => `${owner}/${status}`;
const jobIdOf = (owner: string, worker: string, key: string | undefined): string =>
  key === undefined ? randomUUID() : sha256(JSON.stringify([owner, worker, key])).slice(0, 32);

/** @param sent its id is sent at once, so nobody has to look at it for a while */
export const newRow = (owner: string, request: JobRequest, now: Date, sent = false): JobRow => {
  const { worker, payload, key, topic, notBefore = now, requestedBy } = request;
  const at = now.toISOString();
  const isSent = sent && notBefore.getTime() - now.getTime() <= MOST_DELAY_SECONDS * 1000;
  return {
    jobId: jobIdOf(owner, worker, key),
    ...{ owner, worker, payload, createdAt: at, updatedAt: at },
    status: 'waiting',
    revision: 1,
    attempts: 0,
    notBefore: notBefore.toISOString(),
    openIn: openInOf(owner, worker),
    dueAt: new Date(notBefore.getTime() + (isSent ? HAND_SECONDS * 1000 : 0)).toISOString(),
    listedIn: listedInOf(owner, 'waiting'),
    ...(topic !== undefined && { topic: topicOf(owner, worker, topic) }),
    ...(requestedBy !== undefined && { requestedBy }),
  };
};

export const epochIn = (now: Date, days: number): number => Math.floor(now.getTime() / 1000) + days * 86_400;

const moved = (row: JobRow, status: JobStatus, now: Date): JobRow => {
  const { leaseId: _id, leaseUntil: _until, ...rest } = row;
  return {
    ...rest,
    status,
    revision: row.revision + 1,
    updatedAt: now.toISOString(),
    listedIn: listedInOf(row.owner, status),
  };
};

/** Taken by a task, under a new lease. */
export const claimed = (row: JobRow, now: Date): JobRow & { leaseId: string } => {
  const until = new Date(now.getTime() + LEASE_SECONDS * 1000).toISOString();
  return {
    ...moved(row, 'running', now),
    attempts: row.attempts + 1,
    leaseId: randomUUID(),
    leaseUntil: until,
    dueAt: until,
  };
};

/** A sign of life of the task that works on it. */
export const extended = (row: JobRow, now: Date): JobRow => {
  const until = new Date(now.getTime() + LEASE_SECONDS * 1000).toISOString();
  return { ...row, revision: row.revision + 1, updatedAt: now.toISOString(), leaseUntil: until, dueAt: until };
};

const lookedAtIn = (row: JobRow, now: Date, seconds: number): JobRow => ({
  ...row,
  revision: row.revision + 1,
  dueAt: new Date(now.getTime() + seconds * 1000).toISOString(),
});

/** Its id goes to a queue: nobody else has to look at it for a while. */
export const handedOver = (row: JobRow, now: Date): JobRow => lookedAtIn(row, now, HAND_SECONDS);

/** Its id came to a task that had no room, or before its time. */
export const putOff = (row: JobRow, now: Date): JobRow => {
  const early = (Date.parse(row.notBefore) - now.getTime()) / 1000;
  return lookedAtIn(row, now, early > 0 ? early : PUT_OFF_SECONDS);
};

export const ended = (
  row: JobRow,
  status: Exclude<JobStatus, 'waiting' | 'running'>,
  now: Date,
  with_: Partial<Pick<JobRow, 'result' | 'lastError' | 'decidedBy'>> = {},
): JobRow => {
  const { openIn: _open, dueAt: _due, ...rest } = moved(row, status, now);
  return { ...rest, ...with_, expirationTime: epochIn(now, status === 'failed' ? FAILED_DAYS : KEPT_DAYS) };
};

/** Back in the queue, to be tried at or after a time. */
export const requeued = (row: JobRow, now: Date, notBefore: Date, with_: Partial<JobRow> = {}): JobRow => {
  const { expirationTime: _expires, ...rest } = moved(row, 'waiting', now);
  const at = notBefore.toISOString();
  return { ...rest, notBefore: at, dueAt: at, openIn: openInOf(row.owner, row.worker), ...with_ };
};

const isPresent = (value: unknown): boolean => value !== undefined && value !== null;

export const toJob = (row: JobRow): JobView => ({
  jobId: row.jobId,
  owner: row.owner,
  worker: row.worker,
  status: statusOf(row.status),
  payload: row.payload,
  attempts: row.attempts,
  createdAt: new Date(row.createdAt),
  updatedAt: new Date(row.updatedAt),
  notBefore: new Date(row.notBefore),
  ...(row.occurrence !== undefined && {
    occurrence: { at: new Date(row.occurrence), skipped: row.skipped ?? 0 },
  }),
  ...(isPresent(row.progress) && { progress: Progress.parse(row.progress) }),
  ...(isPresent(row.result) && { result: row.result }),
  ...(row.lastError !== undefined && { lastError: row.lastError }),
  ...(row.requestedBy !== undefined && { requestedBy: row.requestedBy }),
  ...(row.decidedBy !== undefined && { decidedBy: row.decidedBy }),
});
