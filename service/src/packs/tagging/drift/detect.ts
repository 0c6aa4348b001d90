/** Drift of what a scan saw: against its baseline, with who wrote the tags. */
import type { EstateContext, Failure } from '../estate/estate.ts';
import { wholeExtent } from '../scan/extent.ts';
import type { Scan } from '../scan/scan.ts';
import type { TaggingServices } from '../services.ts';
import { findBaseline } from './baseline.ts';
import { compareTags, driftSeverities, type TagDrift } from './compare.ts';
import { MOST_ATTRIBUTED, type TagWriter } from './trail.ts';

export interface DriftReport {
  /** When what it is compared with was read; null where there is no baseline. */
  readonly baseline: string | null;
  /** The gravest first. */
  readonly drifts: readonly TagDrift[];
  /** Null without a baseline. */
  readonly resourcesNew: number | null;
  readonly resourcesDeleted: number | null;
  /** By `attributionKey`. */
  readonly writers: ReadonlyMap<string, TagWriter>;
  /** Why it is not known who wrote some. */
  readonly failures: readonly Failure[];
  /** Drifts whose writer was asked for. */
  readonly lookedUp: number;
}

/** What of them, and in how many days. */
export interface DriftWindow {
  readonly days: number;
  /** Undefined: the required ones. */
  readonly keys: readonly string[] | undefined;
}

const nothing: DriftReport = {
  baseline: null,
  drifts: [],
  resourcesNew: null,
  resourcesDeleted: null,
  writers: new Map(),
  failures: [],
  lookedUp: 0,
};

export const gravestFirst = (drifts: readonly TagDrift[]): TagDrift[] => {
  const keyOf = ({ resource, tag }: TagDrift): string => `${resource.arn}\n${tag}`;
  return drifts.toSorted(
    (a, b) =>
      driftSeverities.indexOf(a.severity) - driftSeverities.indexOf(b.severity) || (keyOf(a) < keyOf(b) ? -1 : 1),
  );
};

/** @throws cancelled when the signal aborts */
export const detectDrift = async (
  { estate, scans, policy, trail }: Pick<TaggingServices, 'estate' | 'scans' | 'policy' | 'trail'>,
  scan: Pick<Scan, 'extent' | 'each' | 'failures'>,
  { days, keys }: DriftWindow,
  context: EstateContext,
): Promise<DriftReport> => {
  const baseline = await findBaseline(scans, scan.extent, await wholeExtent(estate), days);
  if (baseline === undefined) return nothing;
  const { policy: rules } = await policy.current();
  const looks = { before: baseline.tags, now: scan.each(), failures: scan.failures, policy: rules, keys };
  const { drifts: found, ...counts } = compareTags(looks);
  const drifts = gravestFirst(found);
  const asked = drifts.slice(0, MOST_ATTRIBUTED);
  const { writers, failures } =
    asked.length === 0
      ? { writers: new Map<string, TagWriter>(), failures: [] }
      : await trail.writersOf(asked, baseline.timestamp, context);
  return { baseline: baseline.timestamp, drifts, ...counts, writers, failures, lookedUp: asked.length };
};
