/**
 * A job of the service: exports the audit log for auditors, without gaps and without duplicates. Where it is, is the number of the last
 * record of each partition and never a time, because records of one time may be written one after the other.
 *
 * The range of a file is written down before the file, and the file before the place moves on. So whoever dies in between, the
 * next one writes the same file again, finds that it is there, and goes on.
 */
import type { Logger } from 'pino';
import type { Row } from '../../../../contracts/tables.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { TableEngine } from '../../ports/tables.ts';
import { NO_HASH } from '../chain.ts';
import { allHeads } from '../heads-seen.ts';
import type { AuditRecord } from '../record.ts';
import type { Archive } from './archive.ts';
import { exportedBytes, fileName } from './file.ts';
import { BrokenLog, oldestWaiting, recordsAfter } from './records.ts';

export interface AuditExportParts {
  readonly tables: TableEngine;
  readonly archive: Archive;
  readonly metrics: Pick<Metrics, 'count' | 'set'>;
  readonly log: Pick<Logger, 'error' | 'warn'>;
  readonly now: () => Date;
}

export interface AuditExport {
  /** Exports what is in no file yet. Any number of tasks may do so at once. @throws the first failure, after all partitions */
  run(): Promise<void>;
}

type Place = Row<'audit-exports'>;

const startOf = (userId: string): Place => ({ userId, sequence: 0, hash: NO_HASH });

class AuditExportWork implements AuditExport {
  readonly #parts: AuditExportParts;
  /** How far each partition was exported when last looked: one that did not move needs no read. */
  readonly #done = new Map<string, number>();

  constructor(parts: AuditExportParts) {
    this.#parts = parts;
  }

  async run(): Promise<void> {
    const { tables, metrics, log } = this.#parts;
    const failures: unknown[] = [];
    let lag = 0;
    for (const { userId, sequence } of await allHeads(tables)) {
      if (this.#done.get(userId) === sequence) continue;
      try {
        await this.#partition(userId, sequence);
      } catch (error) {
        failures.push(error);
        metrics.count('AuditExports', { Outcome: error instanceof BrokenLog ? 'broken' : 'failed' });
        if (error instanceof BrokenLog)
          log.error({ err: error }, 'the audit log is not whole, so it is not exported any further; run audit:verify');
        lag = Math.max(lag, await this.#lag(userId));
      }
    }
    metrics.set('AuditExportLag', {}, lag);
    if (failures.length > 0) throw failures[0];
  }

  /** File by file, until the record that was the newest when the round began is in one. */
  async #partition(userId: string, newest: number): Promise<void> {
    for (;;) {
      const place = await this.#placeOf(userId);
      if (place !== undefined && place.fileTo === undefined && place.sequence >= newest) break;
      if (!(await this.#next(place ?? startOf(userId), place === undefined))) return;
    }
    this.#done.set(userId, newest);
  }

  #placeOf(userId: string): Promise<Place | undefined> {
    return this.#parts.tables.get('audit-exports', { userId });
  }

  /** One step: a file is claimed, or one that is claimed is written. False when there is nothing to export. */
  async #next(place: Place, first: boolean): Promise<boolean> {
    const { tables, now } = this.#parts;
    const to = place.fileTo;
    const records = await recordsAfter(tables.withExpired(), place.userId, place, now(), to);
    const last = records.at(-1);
    if (to !== undefined) return this.#write(place, records);
    if (last === undefined) return false;
    this.#tellGap(place, records);
    const claimed = { ...place, fileFrom: records[0]?.sequence ?? last.sequence, fileTo: last.sequence };
    // Whether it was this task or another that claimed a file: the next turn reads which one it is.
    if (first) await tables.insert('audit-exports', claimed);
    else await tables.put('audit-exports', claimed, { sequence: place.sequence, fileTo: undefined });
    return true;
  }

  async #write(place: Place, records: readonly AuditRecord[]): Promise<true> {
    const { tables, archive, metrics } = this.#parts;
    const { userId, sequence, fileFrom = 0, fileTo = 0 } = place;
    const last = records.at(-1);
    if (last === undefined || records[0]?.sequence !== fileFrom || last.sequence !== fileTo)
      throw new BrokenLog(`records ${fileFrom} to ${fileTo} of the chain ${userId} are not there any more`);
    const created = await archive.create(fileName(userId, fileFrom, fileTo), await exportedBytes(records));
    metrics.count('AuditExports', { Outcome: created ? 'written' : 'found' });
    const moved = { userId, sequence: fileTo, hash: last.hash, timestamp: last.timestamp };
    // Refused where another task moved it on already, by the same file.
    await tables.put('audit-exports', moved, { sequence, fileTo });
    return true;
  }

  #tellGap({ userId, sequence }: Place, [first]: readonly AuditRecord[]): void {
    if (first === undefined || first.sequence === sequence + 1) return;
    const missing = { chain: userId, from: sequence + 1, to: first.sequence - 1 };
    this.#parts.log.warn(missing, 'audit records expired before they were exported; no file has them');
  }

  async #lag(userId: string): Promise<number> {
    const { tables, now } = this.#parts;
    const place = (await this.#placeOf(userId)) ?? startOf(userId);
    const oldest = await oldestWaiting(tables.withExpired(), userId, place);
    return oldest === undefined ? 0 : Math.max(0, Math.round((now().getTime() - Date.parse(oldest)) / 1000));
  }
}

export const openAuditExport = (parts: AuditExportParts): AuditExport => new AuditExportWork(parts);
