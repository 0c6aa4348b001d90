/** Walks one partition's chain from its first record to its head, and stops where it first breaks. */
import type { TableEngine } from '../tables.ts';
import { fromRow, type Head, hashOf, logDateOf, NO_HASH } from './chain.ts';
import type { AuditRecord } from './record.ts';

export type BreakKind = 'changed' | 'missing' | 'reordered' | 'forged-head';

export interface Finding {
  /** The record that is not, or not where, it was written. */
  readonly sequence: number;
  readonly kind: BreakKind;
  readonly detail: string;
}

/** A record that was seen whole: kept elsewhere, it shows later whether the chain was rewritten up to it. */
export interface Anchor {
  readonly sequence: number;
  readonly hash: string;
}

interface Link {
  readonly record: AuditRecord;
  readonly expires: number | undefined;
  readonly logDate: string;
}

const PAGE = 1000;
/** Times a chain that is being appended to is read on before its head must fit. */
const MAX_ROUNDS = 20;

async function* links(tables: TableEngine, partition: string, from?: string): AsyncGenerator<Link> {
  let cursor: string | undefined;
  do {
    const page = await tables.query('audit-logs', {
      partition,
      limit: PAGE,
      ...(from === undefined ? {} : { from }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const row of page.items) yield { record: fromRow(row), expires: row.expirationTime, logDate: row.logDate };
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** Whether the record's content is what was hashed, and what was not hashed follows from it. */
const isIntact = ({ record, logDate }: Link): boolean =>
  hashOf(record) === record.hash && logDate === logDateOf(record.timestamp);

/** Whether a chain may begin with this record: it is the first, or all before it have expired. */
const mayBegin = ({ sequence, previousExpires, previousHash }: AuditRecord, at: number): boolean =>
  sequence === 1 ? previousHash === NO_HASH : previousExpires !== undefined && previousExpires <= at;

const CHANGED = { kind: 'changed', detail: 'its content does not have its hash' } as const;

export class Walk {
  readonly #tables: TableEngine;
  readonly #partition: string;
  /** Epoch seconds. */
  readonly #at: number;
  readonly #anchor: Anchor | undefined;
  #last: Link | undefined;
  /** Records found whole so far. */
  records = 0;

  constructor(tables: TableEngine, partition: string, at: number, anchor: Anchor | undefined) {
    this.#tables = tables;
    this.#partition = partition;
    this.#at = at;
    this.#anchor = anchor;
  }

  /** The last record found whole. */
  get end(): Anchor | undefined {
    return this.#last && { sequence: this.#last.record.sequence, hash: this.#last.record.hash };
  }

  /** The head is read after the records; while appends move it, what they wrote is read too. */
  async run(): Promise<Finding | undefined> {
    for (let rounds = 1, seen = -1; ; rounds += 1) {
      const finding = await this.#readOn();
      if (finding !== undefined) return finding;
      const head = await this.#tables.get('audit-heads', { userId: this.#partition });
      const mismatch = this.#checkHead(head);
      const moved = head !== undefined && head.sequence !== seen;
      if (mismatch === undefined || !moved || rounds === MAX_ROUNDS) return mismatch;
      seen = head.sequence;
    }
  }

  /** Reads what stands after the last record that was found whole. */
  async #readOn(): Promise<Finding | undefined> {
    const from = this.#last?.record.timestamp;
    for await (const link of links(this.#tables, this.#partition, from)) {
      if (link.record.timestamp === from) continue;
      const finding = (await this.#checkPlace(link)) ?? this.#checkContent(link) ?? this.#checkAnchor(link);
      if (finding !== undefined) return finding;
      this.#last = link;
      this.records += 1;
    }
    return undefined;
  }

  async #checkPlace(link: Link): Promise<Finding | undefined> {
    const { sequence } = link.record;
    const expected = this.#last === undefined ? 1 : this.#last.record.sequence + 1;
    if (sequence === expected) return undefined;
    if (this.#last === undefined && isIntact(link) && mayBegin(link.record, this.#at)) return undefined;
    for await (const { record } of links(this.#tables, this.#partition))
      if (record.sequence === expected)
        return { sequence: expected, kind: 'reordered', detail: `record ${sequence} stands in its place` };
    if (!isIntact(link)) return { sequence, ...CHANGED };
    return { sequence: expected, kind: 'missing', detail: `record ${sequence} comes next` };
  }

  #checkContent(link: Link): Finding | undefined {
    const { sequence, previousHash, previousExpires } = link.record;
    if (!isIntact(link)) return { sequence, ...CHANGED };
    if (this.#last === undefined)
      return mayBegin(link.record, this.#at)
        ? undefined
        : { sequence, kind: 'changed', detail: 'it names a record before the first' };
    const before = this.#last.record.sequence;
    if (previousHash !== this.#last.record.hash)
      return { sequence: before, kind: 'changed', detail: `record ${sequence} names another hash for it` };
    if (previousExpires !== this.#last.expires)
      return { sequence: before, kind: 'changed', detail: `record ${sequence} names another expiry for it` };
    return undefined;
  }

  #checkAnchor({ record }: Link): Finding | undefined {
    if (this.#anchor?.sequence !== record.sequence || this.#anchor.hash === record.hash) return undefined;
    return { sequence: record.sequence, kind: 'changed', detail: 'it had another hash in the earlier report' };
  }

  #checkHead(head: Head | undefined): Finding | undefined {
    const last = this.#last;
    if (head === undefined) {
      const sequence = last?.record.sequence ?? this.#anchor?.sequence;
      return sequence === undefined ? undefined : { sequence, kind: 'forged-head', detail: 'the head is gone' };
    }
    if (last === undefined) {
      const expired = head.recordExpires !== undefined && head.recordExpires <= this.#at;
      return expired ? undefined : { sequence: head.sequence, kind: 'missing', detail: 'only the head is left' };
    }
    const { sequence, hash, timestamp } = last.record;
    const newest = Math.max(head.sequence, this.#anchor?.sequence ?? 0);
    if (newest > sequence)
      return { sequence: sequence + 1, kind: 'missing', detail: `the chain went on to record ${newest}` };
    const fits = head.sequence === sequence && head.hash === hash && head.timestamp === timestamp;
    if (fits && head.recordExpires === last.expires) return undefined;
    return { sequence, kind: 'forged-head', detail: 'the head is not that of the last record' };
  }
}
