/**
 * What this service wrote since a scan. A scan's numbers are of its time; what was applied since is known to the
 * resource, so projections start from both. Kept in the table of scans, under a name that is no extent's hash.
 */
import { z } from 'zod';
import { taggableTypeNames } from '../../../../../contracts/packs/tagging.ts';
import type { Row } from '../../../../../contracts/tables.ts';
import type { CallContext } from '../../../call.ts';
import type { ChangeOutcome, ResourceChange } from '../../../operations/plan.ts';
import type { Tables } from '../../../ports/tables.ts';
import type { Tags } from '../estate/estate.ts';
import type { LoadedPolicy, PolicySource } from '../policy/policy.ts';
import { errorsOf } from '../policy/violations.ts';
import { DAY_SECONDS, RETENTION_DAYS } from '../scan/stored-scan.ts';

const TABLE = 'scans';
const PARTITION = 'applied-changes';
/** Of one row; DynamoDB takes items up to 400 KB, and an ARN has up to 1,011 characters. */
const ROW_CHANGES = 250;
/** Rows of one moment that are tried; each is a millisecond later. */
const MOST_TRIES = 100;

const AppliedChange = z.object({
  arn: z.string(),
  accountId: z.string(),
  region: z.string(),
  type: z.enum(taggableTypeNames),
  /** Without errors by the policy of then, before and after. */
  was: z.boolean(),
  is: z.boolean(),
});
export type AppliedChange = z.infer<typeof AppliedChange>;
const Kept = z.object({ changes: z.array(AppliedChange) });

export interface AppliedChanges {
  /** Keeps what was applied just now, judged by a policy. */
  keep(changes: readonly AppliedChange[], policyVersion: string): Promise<void>;
  /** What was applied since a time, one entry a resource: as it was then and as it is now. */
  since(timestamp: string, policyVersion: string): Promise<readonly AppliedChange[]>;
}

export const createAppliedChanges = (tables: Tables, now: () => Date): AppliedChanges => {
  const row = (at: number, policyVersion: string, changes: readonly AppliedChange[]): Row<'scans'> => ({
    scopeHash: PARTITION,
    timestamp: new Date(at).toISOString(),
    scanId: PARTITION,
    policyVersion,
    dataQuality: 'complete',
    totalResources: changes.length,
    compliantResources: changes.filter(({ is }) => is).length,
    violationCount: 0,
    resources: { changes: [...changes] },
    expirationTime: Math.floor(at / 1000) + RETENTION_DAYS * DAY_SECONDS,
  });
  const keepRow = async (policyVersion: string, changes: readonly AppliedChange[]): Promise<void> => {
    const at = now().getTime();
    for (let later = 0; later < MOST_TRIES; later += 1)
      if (await tables.insert(TABLE, row(at + later, policyVersion, changes))) return;
    throw new Error('what was applied could not be kept: too many at once');
  };
  return {
    keep: async (changes, policyVersion) => {
      for (let from = 0; from < changes.length; from += ROW_CHANGES)
        await keepRow(policyVersion, changes.slice(from, from + ROW_CHANGES));
    },
    since: async (timestamp, policyVersion) => {
      const found = new Map<string, AppliedChange>();
      let cursor: string | undefined;
      do {
        const query = { partition: PARTITION, from: timestamp, limit: 100 };
        const page = await tables.query(TABLE, cursor === undefined ? query : { ...query, cursor });
        for (const each of page.items)
          for (const change of each.policyVersion === policyVersion ? Kept.parse(each.resources).changes : [])
            found.set(change.arn, { ...change, was: found.get(change.arn)?.was ?? change.was });
        cursor = page.cursor;
      } while (cursor !== undefined);
      return [...found.values()];
    },
  };
};

/** Tags with a planned state set: keys with null are removed. */
export const withState = (tags: Tags, state: ResourceChange['before']): Tags => {
  const next: Record<string, string> = { ...tags };
  for (const [key, value] of Object.entries(state))
    if (typeof value === 'string') next[key] = value;
    else delete next[key];
  return next;
};

/** All tags a change planned on, after it or before it, AWS's own included as far as they were seen. */
export const tagsOf = ({ context = {}, ...change }: ResourceChange, side: 'before' | 'after'): Tags =>
  withState(withState({}, context), change[side]);

/** Those changes that were written, as they count for compliance. */
export const appliedOf = (
  changes: readonly ResourceChange[],
  outcomes: readonly ChangeOutcome[],
  policy: LoadedPolicy,
): AppliedChange[] => {
  const applied = new Set(outcomes.filter((each) => each.outcome === 'applied').map((each) => each.resourceId));
  return changes.flatMap((change): AppliedChange[] => {
    const { resourceId: arn, kind, accountId, region = '' } = change;
    const type = taggableTypeNames.find((name) => name === kind);
    if (type === undefined || !applied.has(arn)) return [];
    const compliant = (side: 'before' | 'after') => errorsOf(type, tagsOf(change, side), policy).length === 0;
    return [{ arn, accountId, region, type, was: compliant('before'), is: compliant('after') }];
  });
};

/** Lets projections count what was written. It is written whatever becomes of this, so a fault here fails nothing. */
export const noteApplied = async (
  pack: { readonly policy: PolicySource; readonly applied: Pick<AppliedChanges, 'keep'> },
  changes: readonly ResourceChange[],
  outcomes: readonly ChangeOutcome[],
  context: CallContext,
): Promise<void> => {
  try {
    const policy = await pack.policy.current();
    await pack.applied.keep(appliedOf(changes, outcomes, policy), policy.version);
  } catch (error) {
    context.log.warn({ err: error }, 'what was applied is not counted until the next scan');
  }
};
