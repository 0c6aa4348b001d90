/** Violations of the newest snapshot that is kept: for a page, which must not scan. */
import { parseArn } from '../estate/arn.ts';
import type { Extent, Resource } from '../estate/estate.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import { errorsOf, isJudged, type TagFinding, warningsOf } from '../policy/violations.ts';
import { extentHash, wholeExtent } from '../scan/extent.ts';
import { oncePerScan } from '../scan/once-per-scan.ts';
import type { KeptPlace } from '../scan/snapshot.ts';
import type { StoredScan } from '../scan/stored-scan.ts';
import type { TaggingServices } from '../services.ts';

export interface KeptViolation extends Pick<Resource, 'arn' | 'type'> {
  /** Empty where neither the ARN nor the snapshot says it. */
  readonly accountId: string;
  readonly region: string;
  readonly finding: TagFinding;
}

export interface KeptViolations {
  /** When the tags were read. */
  readonly timestamp: string;
  /** The policy they are judged by: the one that holds now. */
  readonly policyVersion: string;
  /** The policy that held when they were read. */
  readonly policyThen: string;
  /** Errors first, then by ARN and tag. */
  readonly violations: readonly KeptViolation[];
  /** Of the policy's concern. */
  readonly resources: number;
  /** The newest scan of everything, where it is another one: it kept no tags or could not read everything. */
  readonly newer: Pick<StoredScan, 'timestamp' | 'quality'> | undefined;
}

/** A scan of everything names no types one by one. */
const nothingNamed: ReadonlySet<Resource['type']> = new Set();

type Sources = Pick<TaggingServices, 'estate' | 'scans' | 'policy'>;

const orderOf = ({ finding, arn }: KeptViolation): string => `${finding.severity}\n${arn}\n${finding.tagName}`;

const byOrder = (violations: readonly KeptViolation[]): KeptViolation[] =>
  violations
    .map((violation) => ({ violation, order: orderOf(violation) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ violation }) => violation);

/** A type of those that are enabled, of an ARN that says which. */
const placeOf = (arn: string, { types }: { readonly types: readonly Resource['type'][] }, place?: KeptPlace) => {
  const parsed = parseArn(arn);
  const type = types.find((each) => each === parsed?.type);
  if (parsed === undefined || type === undefined) return undefined;
  return {
    arn,
    type,
    accountId: parsed.accountId || place?.accountId || '',
    region: parsed.region || place?.region || '',
  };
};

type Judged = Pick<KeptViolations, 'violations' | 'resources'>;

const judge = async (
  scan: StoredScan,
  { scans }: Pick<Sources, 'scans'>,
  rules: LoadedPolicy,
  whole: Extent,
): Promise<Judged | undefined> => {
  const [tags, places] = await Promise.all([scans.snapshot(scan), scans.places(scan)]);
  if (tags === undefined) return undefined;
  const violations: KeptViolation[] = [];
  let resources = 0;
  for (const [arn, own] of tags) {
    const place = placeOf(arn, whole, places.get(arn));
    if (place === undefined || !isJudged({ type: place.type, state: '' }, rules, nothingNamed)) continue;
    resources += 1;
    for (const finding of [...errorsOf(place.type, own, rules), ...warningsOf(own, rules)])
      violations.push({ ...place, finding });
  }
  return { violations: byOrder(violations), resources };
};

/** Of the whole estate, judged by the policy that holds. Resolves to undefined where no complete scan kept tags. */
export const keptViolations = (sources: Sources): (() => Promise<KeptViolations | undefined>) => {
  const { estate, scans, policy } = sources;
  const once = oncePerScan<Judged>(({ violations }) => violations.length);
  return async () => {
    const whole = await wholeExtent(estate);
    const hash = extentHash(whole);
    const [scan, last, rules] = await Promise.all([scans.newestSnapshot(hash), scans.latest(hash), policy.current()]);
    if (scan === undefined) return undefined;
    const judged = await once([scan, rules.version], () => judge(scan, sources, rules, whole));
    if (judged === undefined) return undefined;
    return {
      timestamp: scan.timestamp,
      policyVersion: rules.version,
      policyThen: scan.policyVersion,
      ...judged,
      newer: last?.timestamp === scan.timestamp ? undefined : last,
    };
  };
};
