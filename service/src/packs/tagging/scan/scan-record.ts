/** Writes what a scan reads into its job as it comes: what arrives while a write is under way goes with the next one. */
import { randomUUID } from 'node:crypto';
import type { WorkedJob } from '../../../ports/worker.ts';
import type { Spend } from '../cost/costs.ts';
import { batchRows } from './job-rows.ts';
import { placeKey } from './packed-slice.ts';
import type { EarlierSlice } from './slices.ts';

export interface ScanRecordParts extends Pick<WorkedJob<unknown>, 'report'> {
  /** Number of the last batch of earlier tries; 0 without one. */
  readonly lastBatch: number;
  /** Slices of the whole scan. */
  readonly total: number;
  readonly written: string;
  /** What earlier tries kept. */
  readonly earlier: readonly EarlierSlice[];
}

export class ScanRecord {
  readonly #parts: ScanRecordParts;
  readonly #stored: Set<string>;
  readonly #lost = new AbortController();
  #pending: EarlierSlice[] = [];
  #resources = 0;
  #batches: number;
  readonly #tryId = randomUUID().slice(0, 8);
  #writing: Promise<void> | undefined;

  constructor(parts: ScanRecordParts) {
    this.#parts = parts;
    this.#batches = parts.lastBatch;
    this.#stored = new Set(parts.earlier.map(placeKey));
    for (const { count } of parts.earlier) this.#resources += count;
  }

  /** Aborted when nothing can be written any more: the job was cancelled, or is another task's. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  readonly add = (slice: EarlierSlice): void => {
    if (this.#stored.has(placeKey(slice))) return;
    this.#stored.add(placeKey(slice));
    this.#resources += slice.count;
    this.#pending.push(slice);
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    this.#writing.catch((error: unknown) => this.#lost.abort(error));
  };

  /** @throws conflict when the job is not this task's any more */
  async end(spend: Spend | undefined): Promise<void> {
    await this.#writing;
    this.#lost.signal.throwIfAborted();
    await this.#keep(spend);
  }

  async #write(): Promise<void> {
    while (this.#pending.length > 0) await this.#keep(undefined);
  }

  async #keep(spend: Spend | undefined): Promise<void> {
    const { report, total, written } = this.#parts;
    const slices = this.#pending;
    this.#pending = [];
    if (slices.length === 0 && spend === undefined) return;
    this.#batches += 1;
    const batch = { written, slices, ...(spend !== undefined && { spend }) };
    const note = `${this.#resources} resources so far`;
    const done = this.#stored.size - this.#pending.length;
    for (const rows of batchRows(batch, this.#batches, this.#tryId)) await report({ done, total, note }, rows);
  }
}
