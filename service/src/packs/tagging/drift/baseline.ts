/** What tags are compared with: the earliest complete scan of the window that kept the tags of each resource. */
import type { Extent } from '../estate/estate.ts';
import { extentHash } from '../scan/extent.ts';
import type { Scans } from '../scan/scans.ts';
import type { TagSnapshot } from '../scan/snapshot.ts';
import { arnPlaceOf, isCertainlyIn } from './places.ts';

export interface Baseline {
  readonly timestamp: string;
  readonly tags: TagSnapshot;
}

/**
 * A scan of the whole estate serves for a part of it too. One that could not read everything serves for nothing: what it missed
 * would look new.
 * @param days of the window, up to now
 */
export const findBaseline = async (
  scans: Scans,
  extent: Extent,
  whole: Extent,
  days: number,
): Promise<Baseline | undefined> => {
  const isWhole = extentHash(extent) === extentHash(whole);
  const [own, wider] = await Promise.all([
    scans.earliestSnapshot(extentHash(extent), days),
    isWhole ? undefined : scans.earliestSnapshot(extentHash(whole), days),
  ]);
  const scan = wider !== undefined && (own === undefined || wider.timestamp < own.timestamp) ? wider : own;
  const tags = scan && (await scans.snapshot(scan));
  if (scan === undefined || tags === undefined) return undefined;
  if (scan === own) return { timestamp: scan.timestamp, tags };
  const inside = [...tags].filter(([arn]) => isCertainlyIn(extent, whole, arnPlaceOf(arn)));
  return { timestamp: scan.timestamp, tags: new Map(inside) };
};
