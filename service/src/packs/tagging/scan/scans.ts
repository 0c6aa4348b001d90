/** Scans that were made: their scores over time, what they counted, and on request each resource's tags. */
import type { Tables } from '../../../ports/tables.ts';
import type { Extent } from '../estate/estate.ts';
import type { Quality } from './evaluate.ts';
import { extentHash, sliceCount } from './extent.ts';
import { gapFromRow, gapToKeep, type KeptGap } from './kept-gap.ts';
import type { Scan } from './scan.ts';
import { type KeptPlace, pack, type TagSnapshot, unpack, unpackPlaces, untoldPlaces } from './snapshot.ts';
import {
  DAY_SECONDS,
  emptyRow,
  isSnapshot,
  RETENTION_DAYS,
  type ScanSummary,
  type StoredScan,
  scanDetailOf,
  scanFromRow,
  scanRowOf,
  summaryFromRow,
} from './stored-scan.ts';

const TABLE = 'scans';
/** Resources a slice is taken to hold before anything was ever scanned. */
const GUESS_PER_SLICE = 15;

/** Rows of a page where many may come before the one that is sought. */
const MANY = 100;

interface Seeking {
  readonly days?: number;
  readonly descending?: boolean;
  readonly limit?: number;
}

/** Partitions of the rows that keep a scan's snapshot. */
const chunkKey = ({ scanId }: Pick<StoredScan, 'scanId'>, at: number): string => `${scanId}#${at}`;
const gapKey = ({ scanId }: Pick<StoredScan, 'scanId'>): string => `${scanId}#gap`;
const placesKey = ({ scanId }: Pick<StoredScan, 'scanId'>, at: number): string => `${scanId}#places${at}`;

export interface Scans {
  /** Keeps a scan's score, and with `snapshot` the tags of every resource it saw. */
  record(scan: Scan, options: { readonly snapshot: boolean; readonly sandbox?: boolean }): Promise<void>;
  /** Scans of one extent since then, oldest first. */
  history(hash: string, days: number): Promise<ScanSummary[]>;
  /** The newest scan of an extent, also one that could not read everything. */
  latest(hash: string): Promise<StoredScan | undefined>;
  /** The newest complete scan of an extent. */
  newest(hash: string): Promise<StoredScan | undefined>;
  /** The newest complete scan of an extent that kept tags. */
  newestSnapshot(hash: string): Promise<StoredScan | undefined>;
  /** The earliest such scan of the last days. */
  earliestSnapshot(hash: string, days: number): Promise<StoredScan | undefined>;
  /** The tags a stored scan kept, or undefined when it kept none. */
  snapshot(scan: ScanSummary): Promise<TagSnapshot | undefined>;
  /** Where resources of a snapshot are whose ARNs do not say so, by ARN. */
  places(scan: ScanSummary): Promise<ReadonlyMap<string, KeptPlace>>;
  /** The gap of a stored scan by service, account and type. Undefined: it was scanned without costs, or by an older version. */
  gap(scan: ScanSummary): Promise<KeptGap | undefined>;
  /** How many resources an extent holds, from the newest scan that saw it; a guess where none did. */
  size(extent: Extent, whole: Extent): Promise<{ readonly resources: number; readonly known: boolean }>;
}

export const createScans = (tables: Tables, now: () => Date): Scans => {
  const since = (days: number): string => new Date(now().getTime() - days * DAY_SECONDS * 1000).toISOString();
  /** The first that is wanted, from the newest on or from the earliest of the last days. */
  const seek = async (
    hash: string,
    wanted: (scan: StoredScan) => boolean,
    { days = RETENTION_DAYS, descending = true, limit = 20 }: Seeking = {},
  ): Promise<StoredScan | undefined> => {
    let cursor: string | undefined;
    do {
      const query = { partition: hash, from: since(days), descending, limit };
      const page = await tables.query(TABLE, cursor === undefined ? query : { ...query, cursor });
      for (const row of page.items) {
        const scan = scanFromRow(row);
        if (wanted(scan)) return scan;
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
    return undefined;
  };
  const partsOf = async (scan: ScanSummary, keyOf: typeof chunkKey, length: number): Promise<unknown[]> => {
    const keys = Array.from({ length }, (_, at) => keyOf(scan, at));
    const rows = await Promise.all(
      keys.map((scopeHash) => tables.get(TABLE, { scopeHash, timestamp: scan.timestamp })),
    );
    return rows.map((row) => row?.resources);
  };
  /** Of the same slices, recorded before: what they cost may be asked again, and their snapshot stays. */
  const snapshotKept = async ({ extentHash: scopeHash, timestamp }: Scan) => {
    const row = await tables.get(TABLE, { scopeHash, timestamp });
    const earlier = row && scanFromRow(row);
    return earlier && isSnapshot(earlier) ? earlier : undefined;
  };
  const newest: Scans['newest'] = (hash) => seek(hash, ({ quality }) => quality === 'complete');
  return {
    newest,
    latest: (hash) => seek(hash, () => true),
    newestSnapshot: (hash) => seek(hash, isSnapshot, { limit: MANY }),
    earliestSnapshot: (hash, days) => seek(hash, isSnapshot, { days, descending: false, limit: MANY }),
    record: async (scan, { snapshot, sandbox }) => {
      const chunks = snapshot ? await pack(scan.each()) : [];
      const places = snapshot ? await pack(untoldPlaces(scan.each())) : [];
      const parts = [
        ...chunks.map((data, at) => ({ key: chunkKey(scan, at), data })),
        ...places.map((data, at) => ({ key: placesKey(scan, at), data })),
      ];
      for (const { key, data } of parts) await tables.put(TABLE, { ...emptyRow(scan, key), resources: { data } });
      const own = { scanId: scan.scanId, chunks: chunks.length, placeChunks: places.length };
      const kept = (snapshot ? undefined : await snapshotKept(scan)) ?? own;
      const held = { chunks: kept.chunks, placeChunks: kept.placeChunks ?? 0 };
      const row = scanRowOf(scan, { ...scanDetailOf(scan), ...held, ...(sandbox ? { sandbox } : {}) });
      // Pages ask for what was spent lately, not for every day of a made-up past.
      const gap = snapshot || !sandbox ? gapToKeep(scan) : undefined;
      if (gap !== undefined) await tables.put(TABLE, { ...emptyRow(scan, gapKey(kept)), resources: gap });
      await tables.put(TABLE, { ...row, scanId: kept.scanId });
    },
    history: async (hash, days) => {
      const found: ScanSummary[] = [];
      let cursor: string | undefined;
      do {
        const query = { partition: hash, from: since(days), limit: 200 };
        const page = await tables.query(TABLE, cursor === undefined ? query : { ...query, cursor });
        for (const row of page.items) found.push(summaryFromRow(row));
        cursor = page.cursor;
      } while (cursor !== undefined);
      return found;
    },
    snapshot: async (scan) => {
      if (scan.chunks === 0) return undefined;
      return unpack(await partsOf(scan, chunkKey, scan.chunks));
    },
    gap: async (scan) =>
      gapFromRow((await tables.get(TABLE, { scopeHash: gapKey(scan), timestamp: scan.timestamp }))?.resources),
    places: async (scan) => {
      const { placeChunks = 0 } = scan;
      return placeChunks === 0 ? new Map() : unpackPlaces(await partsOf(scan, placesKey, placeChunks));
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

/** One scan as the compliance page draws it. */
export interface ScanPoint {
  readonly timestamp: string;
  /** null when the scan saw nothing to judge. */
  readonly score: number | null;
  readonly totalResources: number;
  /** Errors and warnings. */
  readonly violationCount: number;
  /** Those of them that are errors; absent where an older version counted errors only. */
  readonly errorCount?: number;
  readonly costGap: number | null;
  readonly dataQuality: Quality;
  /** Where and why it could not read everything. Text from outside. */
  readonly failure?: string;
}

export const scanPointOf = (scan: ScanSummary): ScanPoint => ({
  timestamp: scan.timestamp,
  score: scan.score,
  totalResources: scan.counts.total,
  violationCount: scan.violationCount,
  ...(scan.errors === undefined ? {} : { errorCount: scan.errors }),
  costGap: scan.costGap,
  dataQuality: scan.quality,
  ...(scan.failure === undefined ? {} : { failure: scan.failure }),
});

/** One scan a day, oldest first: the day's last complete one, else its last one. */
const daily = (scans: readonly ScanSummary[]): ScanSummary[] => {
  const byDay = new Map<string, ScanSummary>();
  for (const scan of scans) {
    const day = scan.timestamp.slice(0, 10);
    if (scan.quality === 'complete' || byDay.get(day)?.quality !== 'complete') byDay.set(day, scan);
  }
  return [...byDay.values()];
};

/** One point a day of this extent, oldest first, and at the end the newest scan where it read less than one before it that day. */
export const historyToNow = async (scans: Scans, extent: Extent, days: number): Promise<ScanPoint[]> => {
  const all = await scans.history(extentHash(extent), days);
  const shown = daily(all);
  const newest = all.slice(-1).filter((scan) => !shown.includes(scan));
  return [...shown, ...newest].map(scanPointOf);
};
