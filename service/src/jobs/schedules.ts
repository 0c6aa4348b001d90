/**
 * Schedules are rows. Whoever looks first after an occurrence writes the next one and the job in one transaction that expects the
 * row as it was read: so each occurrence makes one job, whatever the number of tasks, and none is lost between the two.
 *
 * Missed occurrences, because nothing ran or the store was away: the latest is made up for, and the job is told how many came
 * before it. A schedule that was changed begins anew.
 */
import type { Logger } from 'pino';
import type { Row } from '../../../contracts/tables.ts';
import { canonicalJson } from '../canonical.ts';
import { CountersignError } from '../errors.ts';
import type { JobSchedule, ScheduleRequest } from '../ports/jobs.ts';
import type { Page, TableQuery, Tables } from '../ports/tables.ts';
import { occurrencesOf } from './occurrences.ts';
import { newRow } from './row.ts';

type ScheduleRow = Row<'job-schedules'>;

const idOf = (owner: string, name: string): string => `${owner}/${name}`;

const toSchedule = (row: ScheduleRow): JobSchedule => ({
  name: row.scheduleId.slice(row.owner.length + 1),
  owner: row.owner,
  worker: row.worker,
  payload: row.payload,
  cron: row.cron,
  timeZone: row.timeZone,
  skipped: row.skipped,
  ...(row.nextAt !== undefined && { nextAt: new Date(row.nextAt) }),
  ...(row.lastAt !== undefined && { lastAt: new Date(row.lastAt) }),
  ...(row.lastJobId !== undefined && { lastJobId: row.lastJobId }),
  ...(row.createdBy !== undefined && { createdBy: row.createdBy }),
});

const isAs = (row: ScheduleRow, { worker, cron, timeZone, payload }: ScheduleRequest): boolean =>
  row.worker === worker &&
  row.cron === cron &&
  row.timeZone === timeZone &&
  canonicalJson(row.payload) === canonicalJson(payload);

const placed = (row: Omit<ScheduleRow, 'nextAt'>, nextAt: Date | undefined): ScheduleRow => ({
  ...row,
  nextAt: nextAt?.toISOString(),
});

export class Schedules {
  readonly #tables: Tables;
  readonly #now: () => Date;

  constructor(tables: Tables, now: () => Date) {
    this.#tables = tables;
    this.#now = now;
  }

  /** @throws invalid_input naming cron or timeZone; conflict when others change it at the same time */
  async set(owner: string, request: ScheduleRequest, declared = false): Promise<JobSchedule> {
    const { name, worker, payload, cron, timeZone, createdBy } = request;
    const now = this.#now();
    const nextAt = occurrencesOf(cron, timeZone).after(now);
    if (nextAt === undefined) throw new CountersignError('invalid_input', 'cron never comes to pass.');
    const scheduleId = idOf(owner, name);
    const found = await this.#tables.get('job-schedules', { scheduleId });
    if (found !== undefined && isAs(found, request)) return toSchedule(found);
    const kept: Omit<ScheduleRow, 'nextAt' | 'declared' | 'worker' | 'payload' | 'cron' | 'timeZone'> = found ?? {
      ...{ scheduleId, owner },
      ...{ revision: 0, skipped: 0, status: 'active' },
      createdAt: now.toISOString(),
      ...(createdBy !== undefined && { createdBy }),
    };
    const row = placed({ ...kept, declared, worker, payload, cron, timeZone, revision: kept.revision + 1 }, nextAt);
    const written =
      found === undefined
        ? await this.#tables.insert('job-schedules', row)
        : await this.#tables.put('job-schedules', row, { revision: found.revision });
    if (written) return toSchedule(row);
    // Several tasks that start at once set the same.
    const other = await this.#tables.get('job-schedules', { scheduleId });
    if (other !== undefined && isAs(other, request)) return toSchedule(other);
    throw new CountersignError('conflict', `The schedule ${name} was changed by somebody else. Look at it again.`);
  }

  remove(owner: string, name: string): Promise<boolean> {
    return this.#tables.remove('job-schedules', { scheduleId: idOf(owner, name) });
  }

  async list(owner: string, page: Pick<TableQuery<'jobs'>, 'limit' | 'cursor'> = {}): Promise<Page<JobSchedule>> {
    const query = { index: 'owner-scheduleId-index', partition: owner, ...page } as const;
    const { items, cursor } = await this.#tables.query('job-schedules', query);
    return { items: items.map(toSchedule), ...(cursor !== undefined && { cursor }) };
  }

  /**
   * Makes the jobs of all occurrences that have come. Returns the ids of those that this call made.
   * @param comes whether a schedule comes in this task: its pack is served, and where the code declares it, this version does
   */
  async tick(
    comes: (schedule: Pick<ScheduleRow, 'owner' | 'scheduleId' | 'declared'>) => boolean,
    log: Pick<Logger, 'error'>,
  ): Promise<readonly string[]> {
    const to = this.#now().toISOString();
    const made: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { index: 'status-nextAt-index', partition: 'active', to } as const;
      const page = await this.#tables.query('job-schedules', { ...query, ...(cursor !== undefined && { cursor }) });
      for (const row of page.items.filter(comes)) {
        const jobId = await this.#occur(row).catch((err: unknown) => {
          log.error({ err, schedule: row.scheduleId }, 'a schedule could not make its job');
          return undefined;
        });
        if (jobId !== undefined) made.push(jobId);
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
    return made;
  }

  async #occur(row: ScheduleRow): Promise<string | undefined> {
    if (row.nextAt === undefined) return undefined;
    const now = this.#now();
    const occurrences = occurrencesOf(row.cron, row.timeZone);
    const { at, skipped } = occurrences.newest(new Date(row.nextAt), now);
    const key = `${row.scheduleId}@${at.toISOString()}`;
    const job = {
      ...newRow(row.owner, { worker: row.worker, payload: row.payload, key }, now),
      scheduleId: row.scheduleId,
      occurrence: at.toISOString(),
      skipped,
    };
    const moved = {
      ...row,
      revision: row.revision + 1,
      lastAt: at.toISOString(),
      lastJobId: job.jobId,
      skipped: row.skipped + skipped,
    };
    const next = placed(moved, occurrences.after(at));
    const expect = { revision: row.revision };
    const won = await this.#tables.transact([
      { kind: 'put', table: 'job-schedules', row: next, expect },
      { kind: 'insert', table: 'jobs', row: job },
    ]);
    if (won) return job.jobId;
    // Another task was faster, or the occurrence had its job before the schedule was changed: clocks of tasks differ.
    if ((await this.#tables.get('jobs', { jobId: job.jobId })) !== undefined)
      await this.#tables.put('job-schedules', next, expect);
    return undefined;
  }
}
