/** The tables of the durable queue: jobs, what they found out, and the schedules that make jobs. */
import { attribute, type TableContract } from '../table.ts';

const {
  string,
  optionalString,
  number,
  boolean,
  json,
  optionalJson,
  timestamp,
  optionalTimestamp,
  epoch,
  optionalEpoch,
} = attribute;

export const jobTables = {
  jobs: {
    description:
      'Work that outlives a request: what is to be done, by which worker, how often it was tried, what came of it.',
    postgres: 'jobs',
    partition: 'jobId',
    attributes: {
      // Random, or a hash of owner, worker and idempotency key: one key is one job.
      jobId: string,
      // The pack whose work it is; core for the service's own.
      owner: string,
      worker: string,
      // waiting, running, done, failed, cancelled, superseded.
      status: string,
      // Counts the writes of the row.
      revision: number,
      payload: json,
      // Times that somebody began it since it was enqueued or replayed.
      attempts: number,
      createdAt: timestamp,
      updatedAt: timestamp,
      // The earliest time of its next try.
      notBefore: timestamp,
      // owner/worker while it waits or runs; absent once it has ended.
      openIn: optionalString,
      // When somebody has to look at it: to begin it, or to take it over because its lease is over.
      dueAt: optionalTimestamp,
      // owner/status.
      listedIn: string,
      // owner/worker/topic: of several that wait, the newest is wanted.
      topic: optionalString,
      leaseId: optionalString,
      leaseUntil: optionalTimestamp,
      scheduleId: optionalString,
      // When it was due by its schedule, and how many occurrences before it were missed.
      occurrence: optionalTimestamp,
      skipped: { type: 'number', optional: true },
      progress: optionalJson,
      result: optionalJson,
      lastError: optionalString,
      requestedBy: optionalString,
      // Who cancelled or replayed it.
      decidedBy: optionalString,
      expirationTime: optionalEpoch,
    },
    indexes: {
      'openIn-dueAt-index': { partition: 'openIn', sort: 'dueAt' },
      'listedIn-updatedAt-index': { partition: 'listedIn', sort: 'updatedAt' },
      'topic-createdAt-index': { partition: 'topic', sort: 'createdAt' },
    },
    ttl: 'expirationTime',
    pointInTimeRecovery: true,
  },
  'job-results': {
    description: 'What jobs found out, in rows that are read page by page.',
    postgres: 'job_results',
    partition: 'jobId',
    sort: 'place',
    attributes: { jobId: string, place: string, record: json, expirationTime: epoch },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: false,
  },
  'job-schedules': {
    description: 'When jobs are made by themselves: a cron expression in a time zone, and the next occurrence.',
    postgres: 'job_schedules',
    partition: 'scheduleId',
    attributes: {
      // owner/name.
      scheduleId: string,
      owner: string,
      worker: string,
      revision: number,
      cron: string,
      timeZone: string,
      payload: json,
      // active. Others are kept for versions to come.
      status: string,
      // It is in the code of its pack; one that a version does not know does not come there.
      declared: boolean,
      nextAt: optionalTimestamp,
      lastAt: optionalTimestamp,
      lastJobId: optionalString,
      // Occurrences that were missed since it was made.
      skipped: number,
      createdBy: optionalString,
      createdAt: timestamp,
    },
    indexes: {
      'status-nextAt-index': { partition: 'status', sort: 'nextAt' },
      'owner-scheduleId-index': { partition: 'owner', sort: 'scheduleId' },
    },
    pointInTimeRecovery: true,
    removable: true,
  },
} as const satisfies Record<string, TableContract>;
