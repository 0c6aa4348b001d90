/** Walks one partition's chain from its first record to its head, and stops where it first breaks. */
import type { TableReader } from '../ports/tables.ts';
import { type Head, hashOf, logDateOf, NO_HASH, recordFromRow } from './chain.ts';
import type { AuditFinding, Pin } from './finding.ts';
import type { AuditRecord } from './record.ts';
import { type Boundary, checkVouched, type Trust } from './vouched.ts';

interface Link {
  readonly record: AuditRecord;
  readonly expires: number | undefined;
  readonly logDate: string;
}

const PAGE = 1000;
/** Times a chain that is being appended to is read on before its head must fit. */
const MAX_ROUNDS = 20;

async function* links(tables: TableReader, partition: string, from?: string): AsyncGenerator<Link> {
  let cursor: string | undefined;
  do {
    const page = await tables.query('audit-logs', {
      partition,
      limit: PAGE,
      ...(from === undefined ? {} : { from }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const row of page.items)
      yield { record: recordFromRow(row), expires: row.expirationTime, logDate: row.logDate };
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** Whether the record's content is what was hashed, and what was not hashed follows from it. */
const isIntact = ({ record, logDate }: Link): boolean =>
  hashOf(record) === record.hash && logDate === logDateOf(record.timestamp);

const CHANGED = { kind: 'changed', detail: 'its content does not have its hash' } as const;

export class Walk {
  readonly #tables: TableReader;
  readonly #partition: string;
  readonly #trust: Trust;
  readonly #see: (record: AuditRecord) => void;
  #last: Link | undefined;
  #hasHead = false;
  /** Records that were ever appended, as the head has it. */
  appended = 0;
  /** The first record of the stretch without a gap that ends with the last one. */
  #first: AuditRecord | undefined;
  /** Where a head was taken over that the key of then did not vouch for, by the first record after it. */
  readonly #boundaries = new Map<number, Boundary>();
  /** Records found whole so far. */
  records = 0;
  /** The head is not signed, and need not be yet. */
  unsigned = false;

  /**
   * @param tables must show rows that are past their TTL: who can write a row can let it expire
   * @param see is told each record that is found whole
   */
  constructor(tables: TableReader, partition: string, trust: Trust, see: (record: AuditRecord) => void = () => {}) {
    this.#see = see;
    this.#tables = tables;
    this.#partition = partition;
    this.#trust = trust;
  }

  /** The last record found whole. */
  get end(): Pin | undefined {
    return this.#last && { sequence: this.#last.record.sequence, hash: this.#last.record.hash };
  }

  /** Nothing was ever written under this name. */
  get isEmpty(): boolean {
    return this.#last === undefined && !this.#hasHead && this.#trust.pins.length === 0;
  }

  /** The head is read after the records; while appends move it, what they wrote is read too. */
  async run(): Promise<AuditFinding | undefined> {
    for (let rounds = 1, seen = -1; ; rounds += 1) {
      const finding = await this.#readOn();
      if (finding !== undefined) return finding;
      const head = await this.#tables.get('audit-heads', { userId: this.#partition });
      this.#hasHead = head !== undefined;
      this.appended = head?.sequence ?? 0;
      const mismatch = await this.#checkHead(head);
      const moved = head !== undefined && head.sequence !== seen;
      if (mismatch === undefined || !moved || rounds === MAX_ROUNDS) return mismatch;
      seen = head.sequence;
    }
  }

  /** Reads what stands after the last record that was found whole. */
  async #readOn(): Promise<AuditFinding | undefined> {
    const from = this.#last?.record.timestamp;
    for await (const link of links(this.#tables, this.#partition, from)) {
      if (link.record.timestamp === from) continue;
      const finding = (await this.#checkPlace(link)) ?? this.#checkContent(link) ?? this.#checkPins(link);
      if (finding !== undefined) return finding;
      this.#keep(link);
    }
    return undefined;
  }

  #keep(link: Link): void {
    const { record } = link;
    const { previousSignature: signature, previousExpires, sequence } = record;
    const before = this.#last?.record;
    if (before?.sequence !== sequence - 1) this.#first = record;
    else if (signature !== undefined) {
      const { userId, timestamp, hash } = before;
      const head = { userId, sequence: sequence - 1, hash, timestamp, signature };
      this.#boundaries.set(
        sequence,
        previousExpires === undefined ? head : { ...head, recordExpires: previousExpires },
      );
    }
    this.#last = link;
    this.records += 1;
    this.#see(record);
  }

  /** Whether all records before this one may be deleted by now, as the service wrote down when it wrote this one. */
  #mayBegin({ sequence, previousExpires, previousHash }: AuditRecord): boolean {
    return sequence === 1
      ? previousHash === NO_HASH
      : previousExpires !== undefined && previousExpires <= this.#trust.at;
  }

  async #checkPlace(link: Link): Promise<AuditFinding | undefined> {
    const { sequence } = link.record;
    const expected = this.#last === undefined ? 1 : this.#last.record.sequence + 1;
    if (sequence === expected) return undefined;
    // DynamoDB deletes what has expired in any order.
    if (sequence > expected && isIntact(link) && this.#mayBegin(link.record)) return undefined;
    for await (const { record } of links(this.#tables, this.#partition))
      if (record.sequence === expected)
        return { sequence: expected, kind: 'reordered', detail: `record ${sequence} stands in its place` };
    if (!isIntact(link)) return { sequence, ...CHANGED };
    return { sequence: expected, kind: 'missing', detail: `record ${sequence} comes next` };
  }

  #checkContent(link: Link): AuditFinding | undefined {
    const { sequence, previousHash, previousExpires, userId } = link.record;
    if (!isIntact(link) || userId !== this.#partition) return { sequence, ...CHANGED };
    const last = this.#last;
    if (last?.record.sequence !== sequence - 1)
      return this.#mayBegin(link.record)
        ? undefined
        : { sequence, kind: 'changed', detail: 'it names a record before the first' };
    const before = sequence - 1;
    if (previousHash !== last.record.hash)
      return { sequence: before, kind: 'changed', detail: `record ${sequence} names another hash for it` };
    if (previousExpires !== last.expires)
      return { sequence: before, kind: 'changed', detail: 'its expirationTime is not the one it was written with' };
    return undefined;
  }

  /** What was seen elsewhere must stand here, or be named by the first record that is left, or have expired. */
  #checkPins({ record: { sequence, hash, previousHash } }: Link): AuditFinding | undefined {
    for (const pin of this.#trust.pins) {
      if (pin.sequence === sequence && pin.hash !== hash)
        return { sequence, kind: 'changed', detail: `it had another hash in ${pin.by}` };
      const gone = this.#last?.record.sequence !== pin.sequence && pin.sequence === sequence - 1;
      if (gone && pin.hash !== previousHash)
        return { sequence, kind: 'changed', detail: `it names another record before it than ${pin.by}` };
    }
    return undefined;
  }

  async #checkHead(head: Head | undefined): Promise<AuditFinding | undefined> {
    const newest = this.#trust.pins.toSorted((a, b) => b.sequence - a.sequence)[0];
    if (head === undefined) {
      const sequence = this.#last?.record.sequence ?? newest?.sequence;
      if (sequence === undefined) return undefined;
      const named = this.#last === undefined && newest !== undefined ? `; ${newest.by} names it` : '';
      return { sequence, kind: 'forged-head', detail: `the head is gone${named}` };
    }
    const mismatch = this.#checkEnd(head, Math.max(head.sequence, newest?.sequence ?? 0));
    if (mismatch !== undefined) return mismatch;
    const vouched = await checkVouched(this.#trust, head, this.#first, this.#boundaries);
    this.unsigned = vouched === 'not-yet';
    return typeof vouched === 'object' ? vouched : undefined;
  }

  /** Whether the head is that of the last record, and nothing that was seen came after it. */
  #checkEnd(head: Head, end: number): AuditFinding | undefined {
    const { sequence, hash, timestamp } = this.#last?.record ?? head;
    if (end > sequence)
      return { sequence: sequence + 1, kind: 'missing', detail: `the chain went on to record ${end}` };
    if (this.#last === undefined) return undefined;
    if (head.sequence !== sequence || head.hash !== hash || head.timestamp !== timestamp)
      return { sequence, kind: 'forged-head', detail: 'the head is not that of the last record' };
    return head.recordExpires === this.#last.expires
      ? undefined
      : { sequence, kind: 'forged-head', detail: 'the head and the last record expire at different times' };
  }
}
