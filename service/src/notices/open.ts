/** Notices, put together: what goes into the queue in other transactions, and what works it off. */
import type { NoticeChannels } from '../../../contracts/notices.ts';
import { type AccessOutbox, noAccessOutbox } from '../accounts/outbox.ts';
import type { Audit } from '../audit/port.ts';
import type { Directory } from '../auth/directory.ts';
import type { People } from '../auth/people.ts';
import type { Outbox } from '../operations/outbox.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Notify } from '../ports/notify.ts';
import type { Tables } from '../ports/tables.ts';
import type { Worker } from '../ports/worker.ts';
import { openAccessOutbox } from './access-notices.ts';
import { openChoices, type UsualNotices } from './choices.ts';
import { type NoticeDesk, openDesk } from './desk.ts';
import { noOutbox, openOutbox } from './outbox.ts';
import type { NoticeOutlet } from './outlet.ts';
import { packNotify } from './pack-notices.ts';
import type { ComposeParts } from './parts.ts';
import { openPaused } from './paused.ts';
import { watchedAudit } from './security.ts';
import { SUMMARY, sendWorker, summaryWorker, TELL, tellWorker } from './workers.ts';

export interface NoticesParts {
  readonly jobs: Jobs;
  readonly tables: Tables;
  readonly outlet: NoticeOutlet;
  readonly shared: NoticeChannels;
  readonly usual: UsualNotices;
  /** Setting TIME_ZONE: the daily summary comes at eight there. */
  readonly zone: string;
  readonly now: () => Date;
  readonly directory: Directory;
  /** Names of the enabled packs. */
  readonly packs: readonly string[];
}

/** What there is once the service is put together. */
export interface NoticeReaders extends Omit<ComposeParts, 'zone' | 'now' | 'directory'> {
  /** Where it is recorded who was told. */
  readonly audit: Pick<Audit, 'append'>;
  readonly people: Pick<People, 'find'>;
}

/** Work that a schedule makes. */
interface Recurring {
  readonly name: string;
  readonly worker: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly payload: unknown;
}

export interface Notices {
  /** For the pipeline: what is told of its moves. */
  readonly outbox: Outbox;
  /** For access to accounts: what is told of its steps. */
  readonly accessOutbox: AccessOutbox;
  /** The audit log, which has admins told of refusals. */
  watched(audit: Audit): Audit;
  notifyOf(pack: string): Notify;
  readonly desk: NoticeDesk;
  readonly recurring: readonly Recurring[];
  workers(readers: NoticeReaders): readonly Worker[];
}

const summaries = (zone: string): readonly Recurring[] => [
  { name: 'hourly-summary', worker: SUMMARY, cron: '0 * * * *', timeZone: 'UTC', payload: { every: 'hour' } },
  { name: 'daily-summary', worker: SUMMARY, cron: '0 8 * * *', timeZone: zone, payload: { every: 'day' } },
];

/** Where nobody can be told anything, nothing is put into the queue. */
export const openNotices = (given: NoticesParts): Notices => {
  const { jobs, tables, outlet, shared, usual, zone, now, directory, packs } = given;
  const choices = openChoices(tables, usual, now);
  const paused = openPaused(tables, now);
  const { channels } = outlet;
  const silent = !channels.has('mail') && shared.channels.length === 0 && shared.slack_app_token === undefined;
  return {
    outbox: silent ? noOutbox : openOutbox({ jobs, now }),
    accessOutbox: silent ? noAccessOutbox : openAccessOutbox({ jobs, now }),
    watched: (audit) =>
      silent
        ? audit
        : watchedAudit(audit, now, (cause, key) => ({
            writes: [jobs.plan({ worker: TELL, payload: cause, key }).write],
            possible: async () =>
              (await jobs.get(jobs.plan({ worker: TELL, payload: cause, key }).jobId)) === undefined,
          })),
    notifyOf: (pack) => packNotify({ jobs, now, directory, shared, channels, packs }, pack),
    desk: openDesk({ jobs, choices, paused, shared, channels }),
    recurring: silent ? [] : summaries(zone),
    workers: (readers) => {
      const parts = { ...readers, choices, paused, shared, channels, zone, now, directory, packs };
      return [tellWorker(parts, jobs), sendWorker(parts, outlet), summaryWorker(jobs)];
    },
  };
};
