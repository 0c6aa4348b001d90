/** Jobs in the tables, of every owner: each transition is one conditional write, so of several tasks one makes it. */
import { CountersignError } from '../errors.ts';
import type { JobStatus, JobView } from '../ports/jobs.ts';
import type { Page, TableQuery, Tables } from '../ports/tables.ts';
import { claimed, ended, type JobRow, listedInOf, openInOf, putOff, requeued, toJob } from './row.ts';

type Paging = Pick<TableQuery<'jobs'>, 'limit' | 'cursor'>;

/** Times that a person's decision is tried again where the row changed meanwhile, as it does with each sign of life. */
const TRIES = 8;

const mapped = <A, B>({ items, cursor }: Page<A>, to: (item: A) => B): Page<B> => ({
  items: items.map(to),
  ...(cursor !== undefined && { cursor }),
});

export class JobStore {
  readonly #tables: Tables;
  readonly #now: () => Date;

  constructor(tables: Tables, now: () => Date) {
    this.#tables = tables;
    this.#now = now;
  }

  get(jobId: string): Promise<JobRow | undefined> {
    return this.#tables.get('jobs', { jobId });
  }

  insert(row: JobRow): Promise<boolean> {
    return this.#tables.insert('jobs', row);
  }

  async list(owner: string, status: JobStatus, page: Paging = {}): Promise<Page<JobView>> {
    const partition = listedInOf(owner, status);
    const query = { index: 'listedIn-updatedAt-index', partition, descending: true, ...page } as const;
    return mapped(await this.#tables.query('jobs', query), toJob);
  }

  async results(jobId: string, page: Paging = {}): Promise<Page<{ place: string; record: unknown }>> {
    const found = await this.#tables.query('job-results', { partition: jobId, ...page });
    return mapped(found, ({ place, record }) => ({ place, record }));
  }

  /** Jobs that somebody has to look at now, the longest due first: those that wait, and those whose lease is over. */
  async due(owner: string, worker: string, limit: number): Promise<readonly JobRow[]> {
    const query = { index: 'openIn-dueAt-index', partition: openInOf(owner, worker), limit } as const;
    return (await this.#tables.query('jobs', { ...query, to: this.#now().toISOString() })).items;
  }

  /** Writes the row in place of the one that was read. False: somebody else changed that meanwhile. */
  replace(row: JobRow, read: JobRow): Promise<boolean> {
    return this.#tables.put('jobs', row, { revision: read.revision });
  }

  /** Has somebody look at the job again soon, if it still waits. */
  async putOff(jobId: string): Promise<void> {
    const row = await this.get(jobId);
    if (row?.status === 'waiting') await this.replace(putOff(row, this.#now()), row);
  }

  /** Whether its time has come, and nobody works on it. */
  isFree(row: JobRow): boolean {
    const now = this.#now().getTime();
    if (row.status === 'waiting') return Date.parse(row.notBefore) <= now;
    return row.status === 'running' && Date.parse(row.leaseUntil ?? row.updatedAt) <= now;
  }

  /** Undefined: another task was faster, it is not its time, or a newer one of its topic is wanted in its place. */
  async claim(row: JobRow): Promise<(JobRow & { leaseId: string }) | undefined> {
    if (!this.isFree(row)) return undefined;
    if (await this.#isOutdone(row)) {
      await this.replace(ended(row, 'superseded', this.#now()), row);
      return undefined;
    }
    const mine = claimed(row, this.#now());
    return (await this.replace(mine, row)) ? mine : undefined;
  }

  /** Whether its topic has a newer job. The index may lag, so one that is asked for in this very moment may not count yet. */
  async #isOutdone({ topic, jobId, status }: JobRow): Promise<boolean> {
    if (topic === undefined || status !== 'waiting') return false;
    const query = { index: 'topic-createdAt-index', partition: topic, descending: true, limit: 1 } as const;
    const newest = (await this.#tables.query('jobs', query)).items[0];
    return newest !== undefined && newest.jobId !== jobId;
  }

  async supersede(topic: string): Promise<number> {
    let count = 0;
    let cursor: string | undefined;
    do {
      const query = { index: 'topic-createdAt-index', partition: topic } as const;
      const page = await this.#tables.query('jobs', { ...query, ...(cursor !== undefined && { cursor }) });
      for (const row of page.items)
        if (row.status === 'waiting' && (await this.replace(ended(row, 'superseded', this.#now()), row))) count += 1;
      cursor = page.cursor;
    } while (cursor !== undefined);
    return count;
  }

  /** @throws not_found, also for the job of another owner; conflict */
  cancel(owner: string, jobId: string, decidedBy: string): Promise<JobView> {
    return this.#decide(owner, jobId, ['waiting', 'running'], (row) =>
      ended(row, 'cancelled', this.#now(), { decidedBy }),
    );
  }

  /** @throws not_found, also for the job of another owner; conflict */
  replay(owner: string, jobId: string, decidedBy: string): Promise<JobView> {
    const now = this.#now();
    return this.#decide(owner, jobId, ['failed', 'cancelled'], (row) =>
      requeued(row, now, now, { attempts: 0, decidedBy }),
    );
  }

  async #decide(
    owner: string,
    jobId: string,
    from: readonly string[],
    change: (row: JobRow) => JobRow,
  ): Promise<JobView> {
    for (let left = TRIES; left > 0; left -= 1) {
      const row = await this.get(jobId);
      if (row === undefined || row.owner !== owner) throw new CountersignError('not_found', 'There is no such job.');
      if (!from.includes(row.status))
        throw new CountersignError('conflict', `The job is ${row.status}, so it stays as it is.`, {
          details: { status: row.status },
        });
      const changed = change(row);
      if (await this.replace(changed, row)) return toJob(changed);
    }
    throw new CountersignError('conflict', 'The job changes all the time. Try again in a moment.');
  }
}
