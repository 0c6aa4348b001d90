/**
 * The audit log on the tables. Appends that arrive while a write is under way are chained and written together in the
 * next transaction, so that the cost of one round trip is shared by all who wait for it.
 */
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { CountersignError } from '../errors.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Tables, Write } from '../ports/tables.ts';
import { follow, type Head, headOf, recordToRow } from './chain.ts';
import type { Keyring } from './mac.ts';
import type { Audit, Together } from './port.ts';
import { queryAudit } from './query.ts';
import type { AuditEvent, AuditRecord } from './record.ts';
import { checkSeal, sealHead } from './seal.ts';

/** Records of one transaction. With a head for each they stay under the 100 writes that a transaction may hold. */
const BATCH_RECORDS = 40;
/** Characters of one transaction, for DynamoDB's 4 MB. */
const BATCH_SIZE = 1_000_000;
/** Appends that may wait; more than that means the store does not keep up, and callers are told at once. */
const MAX_WAITING = 20_000;
/** Tries to get ahead of other tasks that append to the same partition. */
const MAX_TRIES = 15;
const MAX_PAUSE_MS = 200;

export interface AuditLogOptions {
  readonly tables: Tables;
  readonly now: () => Date;
  /** Days until a record may be deleted. */
  readonly retentionDays: number;
  /** The first signs the heads. */
  readonly keys: Keyring;
  readonly metrics?: Pick<Metrics, 'count'>;
}

interface Waiting {
  readonly event: AuditEvent;
  readonly size: number;
  readonly together?: Together;
  readonly resolve: (record: AuditRecord | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Refused for what is in it, before anything was sent; after any other error nobody knows what was written. */
const isRefusal = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof CountersignError && error.code !== 'store_unavailable');

const busy = () => new CountersignError('store_unavailable', 'The audit log does not keep up. Try again in a moment.');

class AuditLog implements Audit {
  readonly #options: AuditLogOptions;
  /** The heads this task wrote or read last. One that another task has moved is found out by the write. */
  readonly #heads = new LRUCache<string, Head>({ max: 10_000 });
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(options: AuditLogOptions) {
    this.#options = options;
  }

  async append(event: AuditEvent): Promise<AuditRecord> {
    const record = await this.#enqueue(event);
    if (record === undefined) throw new Error('a record without writes beside it was refused');
    return record;
  }

  appendWith(event: AuditEvent, together: Together): Promise<AuditRecord | undefined> {
    return this.#enqueue(event, together);
  }

  #enqueue(event: AuditEvent, together?: Together): Promise<AuditRecord | undefined> {
    // Written as it is now, and exactly as it will be read back and hashed again.
    const text = JSON.stringify(event);
    return new Promise((resolve, reject) => {
      if (this.#waiting.length >= MAX_WAITING) {
        this.#count('failed', 1);
        reject(busy());
        return;
      }
      const waiting = { event: JSON.parse(text), size: text.length, resolve, reject };
      this.#waiting.push(together === undefined ? waiting : { ...waiting, together });
      if (!this.#writing) void this.#drain();
    });
  }

  query: Audit['query'] = (filter) => queryAudit(this.#options.tables, this.#options.now, filter);

  async #drain(): Promise<void> {
    this.#writing = true;
    // Whatever else arrives in this turn of the event loop shares the first transaction.
    await turn();
    while (this.#waiting.length > 0) await this.#commit(this.#take());
    this.#writing = false;
  }

  #take(): Waiting[] {
    let count = 0;
    for (let size = 0; count < Math.min(BATCH_RECORDS, this.#waiting.length); count += 1) {
      const next = this.#waiting[count];
      size += next?.size ?? 0;
      if (count > 0 && (size > BATCH_SIZE || next?.together !== undefined)) break;
      // Writes that may be refused go alone, so that they take no other record down with them.
      if (next?.together !== undefined) return this.#waiting.splice(0, 1);
    }
    return this.#waiting.splice(0, count);
  }

  /** Settles every append of the batch; never rejects. */
  async #commit(batch: readonly Waiting[]): Promise<void> {
    try {
      const together = batch[0]?.together;
      const records = await this.#write(
        batch.map(({ event }) => event),
        together,
      );
      if (records === 'impossible') {
        batch[0]?.resolve(undefined);
        return;
      }
      if (records === 'busy') {
        this.#fail(batch, busy());
        return;
      }
      batch.forEach(({ resolve }, place) => {
        resolve(records[place] as AuditRecord);
      });
      this.#count('written', batch.length);
    } catch (error) {
      // One record that cannot be stored must not take the others down with it.
      if (isRefusal(error) && batch.length > 1) for (const one of batch) await this.#commit([one]);
      else if (isRefusal(error)) this.#fail(batch, error);
      // Those behind would each wait as long, in turn, to hear the same.
      else this.#fail([...batch, ...this.#waiting.splice(0)], error);
    }
  }

  #fail(batch: readonly Waiting[], error: unknown): void {
    for (const { reject } of batch) reject(error);
    this.#count('failed', batch.length);
  }

  /** `busy` when other tasks were quicker every time, `impossible` when the writes beside the records do not hold. */
  async #write(
    events: readonly AuditEvent[],
    together: Together | undefined,
  ): Promise<AuditRecord[] | 'busy' | 'impossible'> {
    const partitions = [...new Set(events.map(({ userId }) => userId))];
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const { heads, records, writes } = await this.#chain(events, await this.#readHeads(partitions));
      // Until the outcome is known nobody knows the heads: an answer that got lost may have been a yes.
      for (const partition of partitions) this.#heads.delete(partition);
      if (await this.#options.tables.transact([...(together?.writes ?? []), ...writes])) {
        for (const [partition, head] of heads) this.#heads.set(partition, head);
        return records;
      }
      if (together !== undefined && !(await together.possible())) return 'impossible';
      await sleep(Math.random() * Math.min(MAX_PAUSE_MS, 2 ** tries));
    }
    return 'busy';
  }

  async #readHeads(partitions: readonly string[]): Promise<Map<string, Head>> {
    const found = await Promise.all(
      partitions.map((userId) => this.#heads.get(userId) ?? this.#options.tables.get('audit-heads', { userId })),
    );
    return new Map(found.filter((head) => head !== undefined).map((head) => [head.userId, head]));
  }

  async #chain(events: readonly AuditEvent[], before: ReadonlyMap<string, Head>) {
    const { keys, retentionDays, now } = this.#options;
    const at = now();
    const vouched = await this.#vouched(before);
    const ends = new Map<string, Head>();
    const writes: Write[] = [];
    const records = events.map((event) => {
      const { userId } = event;
      const was = before.get(userId);
      const takenOver = was !== undefined && !vouched.has(userId) && !ends.has(userId);
      const record = follow(event, ends.get(userId) ?? was, at, takenOver ? (was.signature ?? '') : undefined);
      const end = headOf(record, retentionDays);
      ends.set(userId, end);
      writes.push({ kind: 'insert', table: 'audit-logs', row: recordToRow(record, end.recordExpires) });
      return record;
    });
    const heads = new Map<string, Head>();
    for (const [partition, end] of ends) {
      const was = before.get(partition);
      const row = await sealHead(keys[0], end, vouched.get(partition) ?? (was?.sequence ?? 0) + 1);
      heads.set(partition, row);
      if (was === undefined) writes.push({ kind: 'insert', table: 'audit-heads', row });
      else {
        const { sequence, hash, signature } = was;
        writes.push({ kind: 'put', table: 'audit-heads', row, expect: { sequence, hash, signature } });
      }
    }
    return { heads, records, writes };
  }

  /** The first record that each head vouches for. A head that does not is built upon, and never vouched for unseen. */
  async #vouched(heads: ReadonlyMap<string, Head>): Promise<Map<string, number>> {
    const [key] = this.#options.keys;
    const found = new Map<string, number>();
    for (const [partition, head] of heads) {
      const verdict = await checkSeal([key], head);
      if (verdict.kind === 'valid') found.set(partition, verdict.from);
    }
    return found;
  }

  #count(outcome: 'written' | 'failed', records: number): void {
    this.#options.metrics?.count('AuditWrites', { Outcome: outcome }, records);
  }
}

export const openAuditLog = (options: AuditLogOptions): Audit => new AuditLog(options);
