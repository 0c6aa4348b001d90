/** Verifies the audit log: every chain, or that of one person. */
import type { TableName } from '../../../contracts/tables.ts';
import type { TableEngine } from '../tables.ts';
import { type Anchor, type Finding, Walk } from './walk.ts';

export interface Break extends Finding {
  readonly partition: string;
}

export interface ChainReport {
  readonly partitions: number;
  /** Records that were read and found whole. */
  readonly records: number;
  /** The first broken link of each partition that has one. */
  readonly breaks: readonly Break[];
  /** Newest record of each whole partition. */
  readonly heads: Readonly<Record<string, Anchor>>;
}

export interface VerifyOptions {
  readonly tables: TableEngine;
  /** One person, or `system`. Default: everybody. */
  readonly partition?: string;
  /**
   * `heads` of an earlier report that was kept elsewhere. Without them, somebody who can write the whole store can
   * forge a whole chain anew; with them, only what was appended since.
   */
  readonly since?: Readonly<Record<string, Anchor>>;
  readonly now?: () => Date;
}

const PAGE = 1000;

async function* partitionsIn(tables: TableEngine, table: TableName & ('audit-heads' | 'audit-logs')) {
  let cursor: string | undefined;
  do {
    const page = await tables.scan(table, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const { userId } of page.items) yield userId;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** Of every head and of every record, so that neither can be hidden by removing the other. */
const allPartitions = async (tables: TableEngine, since: object): Promise<string[]> => {
  const found = new Set(Object.keys(since));
  for (const table of ['audit-heads', 'audit-logs'] as const)
    for await (const partition of partitionsIn(tables, table)) found.add(partition);
  return [...found].toSorted();
};

/** @throws store_unavailable */
export const verifyChain = async (options: VerifyOptions): Promise<ChainReport> => {
  const { tables, partition, since = {}, now = () => new Date() } = options;
  const partitions = partition === undefined ? await allPartitions(tables, since) : [partition];
  const at = Math.floor(now().getTime() / 1000);
  const breaks: Break[] = [];
  const heads: Record<string, Anchor> = {};
  let records = 0;
  for (const name of partitions) {
    const walk = new Walk(tables, name, at, Object.hasOwn(since, name) ? since[name] : undefined);
    const finding = await walk.run();
    records += walk.records;
    if (finding !== undefined) breaks.push({ partition: name, ...finding });
    else if (walk.end !== undefined) heads[name] = walk.end;
  }
  return { partitions: partitions.length, records, breaks, heads };
};
