/**
 * What is worked out of stored scans, which never change: once a task, however many people look at it at the same time. The snapshot of
 * 10,000 resources takes 150 ms and more to read and judge, and is looked at again with each filter and each part of a table.
 */
import { LRUCache } from 'lru-cache';
import type { StoredScan } from './stored-scan.ts';

/** Violations, drifts or whatever else is counted. One takes some 400 bytes. A result with more is not kept. */
const MOST_KEPT = 50_000;

/** What a result rests on besides the scans, such as the version of the policy. */
type Basis = readonly [scan: StoredScan, ...scans: (StoredScan | string)[]];

export type OncePerScan<T> = (basis: Basis, work: () => Promise<T | undefined>) => Promise<T | undefined>;

const keyOf = (basis: Basis): string =>
  JSON.stringify(
    basis.map((part) =>
      typeof part === 'string' ? part : [part.extentHash, part.timestamp, part.scanId, part.chunks, part.placeChunks],
    ),
  );

/**
 * What is undefined, or fails, is worked out again.
 * @param countOf how many findings it holds, by which old results make room
 * @example
 * const judged = oncePerScan<Judged>(({ violations }) => violations.length);
 * const found = await judged([scan, policy.version], () => judge(scan, policy));
 */
export const oncePerScan = <T extends object>(countOf: (result: T) => number): OncePerScan<T> => {
  const results = new LRUCache<string, T, () => Promise<T | undefined>>({
    maxSize: MOST_KEPT,
    sizeCalculation: (result) => countOf(result) + 1,
    fetchMethod: (_key, _stale, { context }) => context(),
  });
  return (basis, work) => results.fetch(keyOf(basis), { context: work });
};
