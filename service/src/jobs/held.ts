/** A job that this task works on: its lease, its signs of life, and what is written about it, one write after the other. */
import { CountersignError } from '../errors.ts';
import type { Tables, Write } from '../ports/tables.ts';
import type { Progress, WorkedJob } from '../ports/worker.ts';
import { epochIn, extended, type JobRow, KEPT_DAYS } from './row.ts';

type HeldRow = JobRow & { leaseId: string };

/** Why the signal of a job was aborted. */
export type Interruption = 'lost' | 'late' | 'stopping';

export class HeldJob {
  readonly #tables: Tables;
  readonly #now: () => Date;
  readonly #leaseId: string;
  readonly #over = new AbortController();
  readonly #gone = new AbortController();
  #row: JobRow;
  #writing: Promise<unknown> = Promise.resolve();
  #interruption: Interruption | undefined;

  constructor(tables: Tables, row: HeldRow, now: () => Date) {
    this.#tables = tables;
    this.#row = row;
    this.#leaseId = row.leaseId;
    this.#now = now;
  }

  get row(): JobRow {
    return this.#row;
  }

  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Aborted when nobody waits for the work any more, also where it does not listen: it is late, or somebody else's. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get interruption(): Interruption | undefined {
    return this.#interruption;
  }

  interrupt(why: Interruption): void {
    this.#interruption ??= why;
    const reason = new CountersignError('cancelled', `The job is ${why}.`);
    this.#over.abort(reason);
    // A task that stops lets the work end in its own time.
    if (why !== 'stopping') this.#gone.abort(reason);
  }

  /** A sign of life. It never rejects: a store that is away for a moment does not end the work, a lease that is over does. */
  async extend(): Promise<void> {
    await this.#write((row) => extended(row, this.#now())).catch(() => true);
    if (Date.parse(this.#row.leaseUntil ?? '') <= this.#now().getTime()) this.interrupt('lost');
  }

  readonly report: WorkedJob<unknown>['report'] = async (progress: Progress, results = {}) => {
    const expirationTime = epochIn(this.#now(), KEPT_DAYS);
    const { jobId } = this.#row;
    const rows = Object.entries(results).map(
      ([place, record]): Write => ({
        kind: 'put',
        table: 'job-results',
        row: { jobId, place, record, expirationTime },
      }),
    );
    const held = await this.#write((row) => ({ ...extended(row, this.#now()), progress }), rows);
    if (!held) throw new CountersignError('conflict', 'The job is not this task’s any more.');
  };

  /** Ends the lease. False: the job was somebody else's already, and what was to be written is not. */
  finish(change: (row: JobRow) => JobRow): Promise<boolean> {
    return this.#write(change);
  }

  /** Only the holder of the lease writes: whoever ends it, a person or the task that takes over, writes another or none. */
  #write(change: (row: JobRow) => JobRow, beside: readonly Write[] = []): Promise<boolean> {
    const turn = async (): Promise<boolean> => {
      const row = change(this.#row);
      const expect = { leaseId: this.#leaseId };
      const held =
        beside.length === 0
          ? await this.#tables.put('jobs', row, expect)
          : await this.#tables.transact([{ kind: 'put', table: 'jobs', row, expect }, ...beside]);
      if (held) this.#row = row;
      else this.interrupt('lost');
      return held;
    };
    const next = this.#writing.then(turn, turn);
    this.#writing = next;
    return next;
  }
}
