/** Reads chains from their first record to their head and tells where each first breaks. */
import type { TableName } from '../../../contracts/tables.ts';
import type { TableEngine } from '../tables.ts';
import { fromRow, type Head, hashOf, logDateOf, NO_HASH } from './chain.ts';
import type { AuditRecord } from './record.ts';

export type BreakKind = 'changed' | 'missing' | 'reordered' | 'forged-head';

export interface Break {
  readonly partition: string;
  /** The record that is not, or not where, it was written. */
  readonly sequence: number;
  readonly kind: BreakKind;
  readonly detail: string;
}

export interface ChainReport {
  readonly partitions: number;
  /** Records that were read and found whole. */
  readonly records: number;
  /** The first broken link of each partition that has one. */
  readonly breaks: readonly Break[];
  /** Newest record of each whole partition: kept elsewhere, they show later that nothing was rewritten. */
  readonly heads: Readonly<Record<string, { readonly sequence: number; readonly hash: string }>>;
}

export interface VerifyOptions {
  readonly tables: TableEngine;
  /** One person, or `system`. Default: everybody. */
  readonly partition?: string;
  readonly now?: () => Date;
}

interface Link {
  readonly record: AuditRecord;
  readonly expires: number | undefined;
  readonly logDate: string;
}

const PAGE = 1000;
/** Times a chain that is being appended to is read on before its head must fit. */
const MAX_ROUNDS = 20;

type Finding = Omit<Break, 'partition'>;

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

/** Whether a chain may begin with this record: it is the first, or the one before it has expired. */
const mayBegin = ({ sequence, previousExpires, previousHash }: AuditRecord, at: number): boolean =>
  sequence === 1 ? previousHash === NO_HASH : previousExpires !== undefined && previousExpires <= at;

const checkPlace = async (walk: Walk, link: Link): Promise<Finding | undefined> => {
  const { last, at } = walk;
  const { sequence } = link.record;
  const expected = last === undefined ? 1 : last.record.sequence + 1;
  if (sequence === expected || (last === undefined && isIntact(link) && mayBegin(link.record, at))) return undefined;
  for await (const { record } of links(walk.tables, walk.partition))
    if (record.sequence === expected)
      return { sequence: expected, kind: 'reordered', detail: `record ${sequence} stands in its place` };
  if (!isIntact(link)) return { sequence, kind: 'changed', detail: 'its content does not have its hash' };
  return { sequence: expected, kind: 'missing', detail: `record ${sequence} comes next` };
};

const checkContent = ({ last }: Walk, link: Link): Finding | undefined => {
  const { sequence, previousHash, previousExpires } = link.record;
  if (!isIntact(link)) return { sequence, kind: 'changed', detail: 'its content does not have its hash' };
  if (last === undefined) {
    const begins = sequence > 1 || previousHash === NO_HASH;
    return begins ? undefined : { sequence, kind: 'changed', detail: 'it names a record before the first' };
  }
  const before = last.record.sequence;
  if (previousHash !== last.record.hash)
    return { sequence: before, kind: 'changed', detail: `record ${sequence} names another hash for it` };
  if (previousExpires !== last.expires)
    return { sequence: before, kind: 'changed', detail: `record ${sequence} names another expiry for it` };
  return undefined;
};

const checkHead = ({ last, at }: Walk, head: Head | undefined): Finding | undefined => {
  if (head === undefined) {
    const sequence = last?.record.sequence ?? 0;
    return last && { sequence, kind: 'forged-head', detail: 'the head is gone' };
  }
  if (last === undefined) {
    const expired = head.recordExpires !== undefined && head.recordExpires <= at;
    return expired ? undefined : { sequence: head.sequence, kind: 'missing', detail: 'only the head is left' };
  }
  const { sequence, hash, timestamp } = last.record;
  if (head.sequence > sequence)
    return { sequence: sequence + 1, kind: 'missing', detail: `the head is at record ${head.sequence}` };
  const fits =
    head.sequence === sequence &&
    head.hash === hash &&
    head.timestamp === timestamp &&
    head.recordExpires === last.expires;
  return fits ? undefined : { sequence, kind: 'forged-head', detail: 'the head is not that of the last record' };
};

class Walk {
  readonly tables: TableEngine;
  readonly partition: string;
  /** Epoch seconds. */
  readonly at: number;
  last: Link | undefined;
  records = 0;

  constructor(tables: TableEngine, partition: string, at: number) {
    this.tables = tables;
    this.partition = partition;
    this.at = at;
  }

  /** Reads what stands after the last record that was found whole. */
  async #readOn(): Promise<Finding | undefined> {
    const from = this.last?.record.timestamp;
    for await (const link of links(this.tables, this.partition, from)) {
      if (link.record.timestamp === from) continue;
      const finding = (await checkPlace(this, link)) ?? checkContent(this, link);
      if (finding !== undefined) return finding;
      this.last = link;
      this.records += 1;
    }
    return undefined;
  }

  /** The head is read after the records; while appends move it, what they wrote is read too. */
  async run(): Promise<Finding | undefined> {
    for (let rounds = 1, seen = -1; ; rounds += 1) {
      const finding = await this.#readOn();
      if (finding !== undefined) return finding;
      const head = await this.tables.get('audit-heads', { userId: this.partition });
      const mismatch = checkHead(this, head);
      const moved = head !== undefined && head.sequence !== seen;
      if (mismatch === undefined || !moved || rounds === MAX_ROUNDS) return mismatch;
      seen = head.sequence;
    }
  }
}

async function* scan<T extends TableName>(tables: TableEngine, table: T) {
  let cursor: string | undefined;
  do {
    const page = await tables.scan(table, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** Of every head and of every record, so that neither can be hidden by removing the other. */
const allPartitions = async (tables: TableEngine): Promise<string[]> => {
  const found = new Set<string>();
  for await (const { userId } of scan(tables, 'audit-heads')) found.add(userId);
  for await (const { userId } of scan(tables, 'audit-logs')) found.add(userId);
  return [...found].toSorted();
};

/** @throws store_unavailable */
export const verifyChain = async ({
  tables,
  partition,
  now = () => new Date(),
}: VerifyOptions): Promise<ChainReport> => {
  const partitions = partition === undefined ? await allPartitions(tables) : [partition];
  const at = Math.floor(now().getTime() / 1000);
  const breaks: Break[] = [];
  const heads: Record<string, { sequence: number; hash: string }> = {};
  let records = 0;
  for (const name of partitions) {
    const walk = new Walk(tables, name, at);
    const finding = await walk.run();
    records += walk.records;
    if (finding !== undefined) breaks.push({ partition: name, ...finding });
    else if (walk.last !== undefined)
      heads[name] = { sequence: walk.last.record.sequence, hash: walk.last.record.hash };
  }
  return { partitions: partitions.length, records, breaks, heads };
};
