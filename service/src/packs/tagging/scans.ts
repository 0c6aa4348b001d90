/** Scans that were made: their scores over time, what they counted, and on request each resource's tags. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { taggableTypeNames } from '../../../../contracts/packs.ts';
import type { Row } from '../../../../contracts/tables.ts';
import type { Tables } from '../../tables.ts';
import type { Counts } from './compliance.ts';
import { poolOfType } from './cost-services.ts';
import type { Extent } from './estate.ts';
import type { JudgedResource, Quality } from './evaluate.ts';
import { extentHash, sliceCount } from './extent.ts';
import type { Scan } from './scan.ts';

const TABLE = 'scans';
const RETENTION_DAYS = 90;
const DAY_SECONDS = 86_400;
/** Resources a slice is taken to hold before anything was ever scanned. */
const GUESS_PER_SLICE = 15;
/** Characters of one snapshot row: DynamoDB takes items up to 400 KB. */
const CHUNK = 250_000;

const Detail = z.object({
  extent: z.object({
    accounts: z.array(z.string()),
    regions: z.array(z.string()),
    types: z.array(z.enum(taggableTypeNames)),
  }),
  /** Resources seen per account, region and type. */
  inventory: z.array(z.tuple([z.string(), z.string(), z.enum(taggableTypeNames), z.number()])),
  /** USD a month of an average running resource, per account and cost pool. */
  averages: z.array(z.tuple([z.string(), z.string(), z.number()])),
  /** Rows of its snapshot; 0 when no tags were kept. */
  chunks: z.number().int(),
  /** Made up for the sandbox, not scanned. */
  sandbox: z.boolean().optional(),
});
type Detail = z.infer<typeof Detail>;

export interface StoredScan extends Detail {
  readonly scanId: string;
  readonly extentHash: string;
  readonly timestamp: string;
  readonly policyVersion: string;
  readonly quality: Quality;
  readonly score: number | null;
  readonly counts: Counts;
  readonly violationCount: number;
  readonly costGap: number | null;
}

const SnapshotEntry = z.tuple([z.string(), z.record(z.string(), z.string())]);
/** ARN and tags of each resource a scan saw. */
export type Snapshot = ReadonlyMap<string, Readonly<Record<string, string>>>;

export interface Scans {
  /** Keeps a scan's score, and with `snapshot` the tags of every resource it saw. */
  record(scan: Scan, options: { readonly snapshot: boolean; readonly sandbox?: boolean }): Promise<void>;
  /** Scans of one extent since then, oldest first. */
  history(hash: string, days: number): Promise<StoredScan[]>;
  /** The newest complete scan of an extent. */
  newest(hash: string): Promise<StoredScan | undefined>;
  /** The tags a stored scan kept, or undefined when it kept none. */
  snapshot(scan: StoredScan): Promise<Snapshot | undefined>;
  /** How many resources an extent holds, from the newest scan that saw it; a guess where none did. */
  size(extent: Extent, whole: Extent): Promise<{ readonly resources: number; readonly known: boolean }>;
}

export const createScans = (tables: Tables, now: () => Date): Scans => {
  const since = (days: number): string => new Date(now().getTime() - days * DAY_SECONDS * 1000).toISOString();
  const newest = async (hash: string): Promise<StoredScan | undefined> => {
    let cursor: string | undefined;
    do {
      const query = { partition: hash, from: since(RETENTION_DAYS), descending: true, limit: 20 };
      const page = await tables.query(TABLE, cursor === undefined ? query : { ...query, cursor });
      const complete = page.items.find((row) => row.dataQuality === 'complete');
      if (complete) return fromRow(complete);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return undefined;
  };
  return {
    newest,
    record: async (scan, { snapshot, sandbox }) => {
      const chunks = snapshot ? await pack(scan.resources) : [];
      const rows = chunks.map((data, at) => ({ ...emptyRow(scan, `${scan.scanId}#${at}`), resources: { data } }));
      for (const row of rows) await tables.put(TABLE, row);
      await tables.put(
        TABLE,
        rowOf(scan, { ...detailOf(scan), chunks: chunks.length, ...(sandbox ? { sandbox } : {}) }),
      );
    },
    history: async (hash, days) => {
      const found: StoredScan[] = [];
      let cursor: string | undefined;
      do {
        const query = { partition: hash, from: since(days), limit: 500 };
        const page = await tables.query(TABLE, cursor === undefined ? query : { ...query, cursor });
        for (const row of page.items) found.push(fromRow(row));
        cursor = page.cursor;
      } while (cursor !== undefined);
      return found;
    },
    snapshot: async (scan) => {
      if (scan.chunks === 0) return undefined;
      const keys = Array.from({ length: scan.chunks }, (_, at) => `${scan.scanId}#${at}`);
      const rows = await Promise.all(
        keys.map((scopeHash) => tables.get(TABLE, { scopeHash, timestamp: scan.timestamp })),
      );
      return unpack(rows.map((row) => row?.resources));
    },
    size: async (extent, whole) => {
      const known = (await newest(extentHash(extent))) ?? (await newest(extentHash(whole)));
      if (known === undefined) return { resources: sliceCount(extent) * GUESS_PER_SLICE, known: false };
      return { resources: sizeIn(known, extent), known: true };
    },
  };
};

const sizeIn = ({ inventory }: StoredScan, { accounts, regions, types }: Extent): number =>
  inventory
    .filter(([account, region, type]) => accounts.includes(account) && regions.includes(region) && types.includes(type))
    .reduce((sum, [, , , count]) => sum + count, 0);

const emptyRow = (scan: Scan, scopeHash: string): Row<'scans'> => ({
  scopeHash,
  timestamp: scan.timestamp,
  scanId: scopeHash,
  policyVersion: scan.policyVersion,
  dataQuality: scan.quality,
  totalResources: 0,
  compliantResources: 0,
  violationCount: 0,
  expirationTime: Math.floor(Date.parse(scan.timestamp) / 1000) + RETENTION_DAYS * DAY_SECONDS,
});

const rowOf = (scan: Scan, detail: Detail): Row<'scans'> => ({
  ...emptyRow(scan, scan.extentHash),
  scanId: scan.scanId,
  totalResources: scan.counts.total,
  compliantResources: scan.counts.compliant,
  violationCount: scan.violationCount,
  ...(scan.counts.total === 0 ? {} : { score: scan.counts.compliant / scan.counts.total }),
  ...(scan.gap === null ? {} : { costGap: scan.gap }),
  resources: detail,
});

const fromRow = (row: Row<'scans'>): StoredScan => ({
  ...Detail.parse(row.resources),
  scanId: row.scanId,
  extentHash: row.scopeHash,
  timestamp: row.timestamp,
  policyVersion: row.policyVersion,
  quality: z.enum(['complete', 'partial', 'failed']).parse(row.dataQuality),
  score: row.score ?? null,
  counts: { total: row.totalResources, compliant: row.compliantResources },
  violationCount: row.violationCount,
  costGap: row.costGap ?? null,
});

const detailOf = (scan: Scan): Omit<Detail, 'chunks'> => {
  const groups = Map.groupBy(scan.resources, (each) => JSON.stringify([each.accountId, each.region, each.type]));
  const inventory = [...groups.values()].flatMap((group): Detail['inventory'] => {
    const [first] = group;
    return first === undefined ? [] : [[first.accountId, first.region, first.type, group.length]];
  });
  const { accounts, regions, types } = scan.extent;
  return {
    extent: { accounts: [...accounts], regions: [...regions], types: [...types] },
    inventory,
    averages: averagesOf(scan.resources),
  };
};

const averagesOf = (resources: readonly JudgedResource[]): Detail['averages'] => {
  const sums = new Map<string, { usd: number; count: number }>();
  for (const { accountId, type, cost } of resources) {
    if (cost === null || cost.source === 'stopped') continue;
    const key = JSON.stringify([accountId, poolOfType(type) ?? type]);
    const { usd, count } = sums.get(key) ?? { usd: 0, count: 0 };
    sums.set(key, { usd: usd + cost.usd, count: count + 1 });
  }
  return [...sums].map(([key, { usd, count }]) => {
    const [account, pool] = z.tuple([z.string(), z.string()]).parse(JSON.parse(key));
    return [account, pool, Math.round((usd / count) * 100) / 100];
  });
};

const pack = async (resources: readonly JudgedResource[]): Promise<string[]> => {
  const entries = resources.map(({ arn, tags }) => [arn, tags]);
  const text = (await promisify(gzip)(JSON.stringify(entries))).toString('base64');
  return Array.from({ length: Math.ceil(text.length / CHUNK) }, (_, at) => text.slice(at * CHUNK, (at + 1) * CHUNK));
};

const unpack = async (parts: readonly unknown[]): Promise<Snapshot> => {
  const text = parts.map((part) => z.object({ data: z.string() }).parse(part).data).join('');
  const json = (await promisify(gunzip)(Buffer.from(text, 'base64'))).toString('utf8');
  return new Map(z.array(SnapshotEntry).parse(JSON.parse(json)));
};

/** One scan as the compliance page draws it. */
export interface ScanPoint {
  readonly timestamp: string;
  /** null when the scan saw nothing to judge. */
  readonly score: number | null;
  readonly totalResources: number;
  readonly violationCount: number;
  readonly costGap: number | null;
  readonly dataQuality: Quality;
}

/** One point a day, oldest first: the day's last complete scan of this extent, else its last one. */
export const scanHistory = async (scans: Scans, extent: Extent, days: number): Promise<ScanPoint[]> => {
  const byDay = new Map<string, StoredScan>();
  for (const scan of await scans.history(extentHash(extent), days)) {
    const day = scan.timestamp.slice(0, 10);
    if (scan.quality === 'complete' || byDay.get(day)?.quality !== 'complete') byDay.set(day, scan);
  }
  return [...byDay.values()].map((scan) => ({
    timestamp: scan.timestamp,
    score: scan.score,
    totalResources: scan.counts.total,
    violationCount: scan.violationCount,
    costGap: scan.costGap,
    dataQuality: scan.quality,
  }));
};
