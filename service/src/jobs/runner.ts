/** Works off the jobs of one task. Each is one lease: whoever else looks keeps away until that is over. */
import type { Logger } from 'pino';
import type { Metrics } from '../ports/metrics.ts';
import type { Tables } from '../ports/tables.ts';
import { inSpan } from '../ports/tracing.ts';
import { JobFailure, type Worker, type WorkOutcome } from '../ports/worker.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { afterFailure, isOutOfTries, outOfTries } from './failure.ts';
import { HeldJob } from './held.ts';
import { ended, type JobRow, LEASE_SECONDS, requeued } from './row.ts';
import { JobStore } from './store.ts';

export interface OwnedWorker {
  /** The pack, or core. */
  readonly owner: string;
  readonly worker: Worker;
}

export interface RunnerParts {
  readonly tables: Tables;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'count'>;
  readonly now: () => Date;
  /** Whether this region does work that writes. */
  readonly mayWork: () => boolean;
  /** Where a queue carries ids of jobs: tells it that a job is back in the queue. Then nobody looks into the tables by itself. */
  readonly onRequeue?: (row: JobRow) => Promise<void>;
}

export interface Runner {
  /** Registers workers; names are unique in an owner. */
  add(workers: readonly OwnedWorker[]): void;
  /** Looks for due work and begins what there is room for. Resolves once it has begun. */
  look(): Promise<void>;
  /** Begins one job. False where there is no room, or it is not its time; true also where it was another task's already. */
  take(jobId: string): Promise<boolean>;
  /** Looks soon. */
  wake(): void;
  /** Resolves when nothing runs, or after this time. */
  idle(milliseconds: number): Promise<void>;
  /** Begins nothing any more, tells what runs to stop, and puts back what does within this time. */
  stop(milliseconds: number): Promise<void>;
}

interface JobFacts {
  readonly job: string;
  readonly owner: string;
  readonly worker: string;
}

/** What operators look for in the log. */
const FAILED = 'a job failed as often as it may be tried; it is kept on the page of jobs';
const AT_ONCE = 4;
const LONGEST_SECONDS = 900;
const BEAT_MS = (LEASE_SECONDS * 1000) / 3;

class Station implements Runner {
  readonly #parts: RunnerParts;
  readonly #store: JobStore;
  readonly #workers: OwnedWorker[] = [];
  readonly #running = new Map<Promise<void>, { readonly of: OwnedWorker; readonly held: HeldJob }>();
  #looking: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#store = new JobStore(parts.tables, parts.now);
  }

  add(workers: readonly OwnedWorker[]): void {
    this.#workers.push(...workers);
  }

  look(): Promise<void> {
    this.#looking ??= this.#lookAll().finally(() => {
      this.#looking = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.wake();
    });
    return this.#looking;
  }

  wake(): void {
    if (this.#looking !== undefined) {
      this.#again = true;
      return;
    }
    const failed = (err: unknown) => this.#parts.log.error({ err }, 'looking for jobs failed');
    setImmediate(() => void this.look().catch(failed));
  }

  async take(jobId: string): Promise<boolean> {
    const row = await this.#store.get(jobId);
    const of = this.#workers.find(({ owner, worker }) => owner === row?.owner && worker.name === row.worker);
    if (row === undefined || of === undefined) return row === undefined;
    if (row.status === 'waiting' && !this.#store.isFree(row)) return false;
    if (this.#stopped || this.#room(of) <= 0) return false;
    await this.#begin(of, row);
    return true;
  }

  async idle(milliseconds: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, Math.max(0, milliseconds));
    const quiet = async () => {
      while (this.#running.size > 0) await Promise.all(this.#running.keys());
    };
    await Promise.race([quiet(), late.promise]);
    clearTimeout(timer);
  }

  async stop(milliseconds: number): Promise<void> {
    this.#stopped = true;
    await this.#looking?.catch(() => {});
    for (const { held } of this.#running.values()) held.interrupt('stopping');
    await this.idle(milliseconds);
    const left = [...this.#running.values()].map(({ held }) => held.row.jobId);
    if (left.length > 0) this.#parts.log.warn({ jobs: left }, 'stopped while jobs ran; others go on with them');
  }

  #room(of: OwnedWorker): number {
    const busy = [...this.#running.values()].filter((one) => one.of === of).length;
    return (of.worker.atOnce ?? AT_ONCE) - busy;
  }

  async #lookAll(): Promise<void> {
    if (!this.#parts.mayWork()) return;
    for (const of of this.#workers) {
      const room = this.#stopped ? 0 : this.#room(of);
      if (room <= 0) continue;
      // Two more than there is room for, because other tasks look at the same rows.
      for (const row of await this.#store.due(of.owner, of.worker.name, room + 2))
        if (!this.#stopped && this.#room(of) > 0) await this.#begin(of, row);
    }
  }

  async #begin(of: OwnedWorker, row: JobRow): Promise<void> {
    const { tables, now } = this.#parts;
    if (isOutOfTries(row, of.worker)) {
      if (this.#store.isFree(row) && (await this.#store.replace(outOfTries(row, now()), row)))
        this.#hasFailed({ job: row.jobId, owner: of.owner, worker: of.worker.name });
      return;
    }
    const mine = await this.#store.claim(row);
    if (mine === undefined) return;
    const held = new HeldJob(tables, mine, now);
    const work = this.#run(of, held).finally(() => {
      this.#running.delete(work);
      if (!this.#stopped && this.#parts.onRequeue === undefined) this.wake();
    });
    this.#running.set(work, { of, held });
  }

  /** Never rejects. */
  async #run(of: OwnedWorker, held: HeldJob): Promise<void> {
    const { now, log } = this.#parts;
    const { owner, worker } = of;
    const about = { job: held.row.jobId, owner, worker: worker.name, attempt: held.row.attempts };
    const beats = setInterval(() => void held.extend(), BEAT_MS).unref();
    const longest = (worker.longestSeconds ?? LONGEST_SECONDS) * 1000;
    const late = setTimeout(() => held.interrupt('late'), longest).unref();
    const after = await this.#outcome(of, held, log.child(about));
    clearInterval(beats);
    clearTimeout(late);
    try {
      const isHeld = await held.finish((row) => after(row, now()));
      if (isHeld && held.row.status === 'waiting') await this.#parts.onRequeue?.(held.row);
      if (isHeld) this.#hasEnded(about, held.row);
      else log.warn(about, 'the job was taken away or cancelled while it was worked on');
    } catch (err) {
      log.error({ ...about, err }, 'what came of a job could not be written; it is tried again when its lease is over');
    }
  }

  #hasEnded(about: JobFacts, { status }: JobRow): void {
    const Outcome = status === 'waiting' ? 'retried' : status;
    if (Outcome === 'failed') this.#hasFailed(about);
    else this.#parts.metrics.count('Jobs', { Owner: about.owner, Outcome });
  }

  #hasFailed(about: JobFacts): void {
    this.#parts.log.error(about, FAILED);
    this.#parts.metrics.count('Jobs', { Owner: about.owner, Outcome: 'failed' });
  }

  /** What is to be written of it, once its work has ended. */
  async #outcome(of: OwnedWorker, held: HeldJob, log: Logger): Promise<(row: JobRow, now: Date) => JobRow> {
    const { worker } = of;
    try {
      const attributes = { 'job.owner': of.owner, 'job.worker': worker.name, 'job.attempt': held.row.attempts };
      const outcome = await inSpan(`job ${worker.name}`, attributes, () =>
        unlessAborted(this.#work(worker, held, log), held.gone),
      );
      return (row, now) => afterWork(row, outcome, now);
    } catch (error) {
      if (held.interruption === 'stopping')
        return (row, now) => requeued(row, now, now, { attempts: row.attempts - 1 });
      // One that was taken away or cancelled did not fail: what is written of it says so.
      if (held.interruption !== 'lost') log.error({ err: error }, 'a try of a job failed');
      const late = new JobFailure(`It took longer than ${worker.longestSeconds ?? LONGEST_SECONDS} seconds`);
      return (row, now) => afterFailure(row, worker, held.interruption === 'late' ? late : error, now);
    }
  }

  async #work(worker: Worker, held: HeldJob, log: Logger): Promise<WorkOutcome> {
    const { row, signal } = held;
    const { success, data, error } = worker.payload.safeParse(row.payload);
    if (!success)
      throw new JobFailure(`Its payload is not what ${worker.name} takes: ${fieldsOf(error)}`, { retry: false });
    return worker.work({
      jobId: row.jobId,
      payload: data,
      attempt: row.attempts,
      createdAt: new Date(row.createdAt),
      ...(row.requestedBy !== undefined && { requestedBy: row.requestedBy }),
      ...(row.occurrence !== undefined && { occurrence: { at: new Date(row.occurrence), skipped: row.skipped ?? 0 } }),
      signal,
      log,
      now: this.#parts.now,
      report: held.report,
    });
  }
}

const fieldsOf = ({ issues }: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] }): string =>
  issues.map(({ path }) => (path.length > 0 ? path.join('.') : 'the whole')).join(', ');

const afterWork = (row: JobRow, outcome: WorkOutcome, now: Date): JobRow => {
  if (outcome === undefined) return ended(row, 'done', now);
  if ('superseded' in outcome) return ended(row, 'superseded', now, { lastError: outcome.superseded });
  return ended(row, 'done', now, { result: outcome.result });
};

export const createRunner = (parts: RunnerParts): Runner => new Station(parts);
