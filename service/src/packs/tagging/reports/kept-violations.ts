/** Violations of the newest snapshot that is kept: for a page, which must not scan. */
import { parseArn } from '../estate/arn.ts';
import type { Resource } from '../estate/estate.ts';
import { errorsOf, isJudged, type TagFinding, warningsOf } from '../policy/violations.ts';
import { extentHash, wholeExtent } from '../scan/extent.ts';
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

/** Of the whole estate, judged by the policy that holds. Undefined: no complete scan kept tags. */
export const keptViolations = async ({ estate, scans, policy }: Sources): Promise<KeptViolations | undefined> => {
  const whole = await wholeExtent(estate);
  const hash = extentHash(whole);
  const [scan, last] = await Promise.all([scans.newestSnapshot(hash), scans.latest(hash)]);
  const [tags, places, rules] = await Promise.all([
    scan && scans.snapshot(scan),
    scan && scans.places(scan),
    policy.current(),
  ]);
  if (scan === undefined || tags === undefined) return undefined;
  const violations: KeptViolation[] = [];
  let resources = 0;
  for (const [arn, own] of tags) {
    const place = placeOf(arn, whole, places?.get(arn));
    if (place === undefined || !isJudged({ type: place.type, state: '' }, rules, nothingNamed)) continue;
    resources += 1;
    for (const finding of [...errorsOf(place.type, own, rules), ...warningsOf(own, rules)])
      violations.push({ ...place, finding });
  }
  return {
    timestamp: scan.timestamp,
    policyVersion: rules.version,
    policyThen: scan.policyVersion,
    violations: byOrder(violations),
    resources,
    newer: last?.timestamp === scan.timestamp ? undefined : last,
  };
};
