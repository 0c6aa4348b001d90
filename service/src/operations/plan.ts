/** What a change would do, as data: made by a tool, shown to the approver, hashed into the approval, applied as it stands. */
import { z } from 'zod';
import { PlanCost } from '../measures/cost.ts';
import { FinancialImpact, FinancialReport } from '../measures/financial.ts';
import { Impact } from '../measures/impact.ts';

/** The part of a resource a change touches, and nothing else: for tags, each touched key with its value or null. */
export const State = z.record(z.string(), z.json());
export type State = z.infer<typeof State>;

export const ResourceChange = z.object({
  /** Upstream id, unique in its plan: an ARN, a campaign's resource name. */
  resourceId: z.string(),
  /** What people call it. */
  label: z.string(),
  kind: z.string().describe('Resource type, such as ec2:instance'),
  /** Empty: it is on no account, but of the service's own. */
  accountId: z.string(),
  /** The upstream that the account is of. Default: the only one of its pack's contract. */
  api: z.string().optional(),
  region: z.string().optional(),
  before: State,
  after: State,
  /** State beside the change, for the approver to see: for tags, all other tags. Not part of the digest. */
  context: State.optional(),
  /** Why this one is expected to fail, when the plan can tell. */
  wouldFail: z.string().optional(),
  /**
   * Members that were absent when it was planned are written only while they are absent. Where one is there when it is
   * applied, the resource is skipped (already_present) and the others are written; without this all is planned anew.
   */
  onlyIfMissing: z.literal(true).optional(),
});
export type ResourceChange = z.infer<typeof ResourceChange>;

/** The states of these resources on one side of the change, by resource id. */
export const statesOf = (changes: readonly ResourceChange[], side: 'before' | 'after'): Record<string, State> =>
  Object.fromEntries(changes.map((change) => [change.resourceId, change[side]]));

/**
 * Whether a change that is to write only what is missing leaves its resource alone as it is now: a member that was absent
 * when it was planned is there. Null means absent.
 */
export const isTaken = ({ onlyIfMissing, before, after }: ResourceChange, now: State | undefined): boolean =>
  onlyIfMissing === true &&
  now !== undefined &&
  Object.keys(after).some((key) => before[key] == null && after[key] != null && now[key] != null);

/** What whoever agrees types by hand, so that they look at what they agree to: a name or an address, in one line. */
export const Typed = z.object({
  /** What it is, for the label of the field: `the name of the budget`. */
  what: z.string().min(1).max(100),
  /** The very text. From outside it comes cleaned: a person cannot type what cannot be seen. */
  text: z.string().min(1).max(2100),
});
export type Typed = z.infer<typeof Typed>;

export const Plan = z.object({
  /** One sentence, plain text, no value that came from upstream unquoted. */
  summary: z.string(),
  changes: z.array(ResourceChange),
  impact: z.array(Impact),
  warnings: z.array(z.string()),
  /** Whether every change can be undone, and if not, why. */
  reversible: z.discriminatedUnion('possible', [
    z.object({ possible: z.literal(true) }),
    z.object({ possible: z.literal(false), reason: z.string() }),
  ]),
  cost: PlanCost,
  /** Whoever approves or confirms it has to type this. Default: nothing. */
  typed: Typed.optional(),
  /** What it means in money. Kept with the audit records of the plan and of its apply. */
  financialImpact: FinancialImpact.optional(),
  /** Of a revert: what the change that it takes back cost. Kept with that change's snapshot once it is reverted. */
  financialReport: FinancialReport.optional(),
});
export type Plan = z.infer<typeof Plan>;

export const ChangeOutcome = z.object({
  resourceId: z.string(),
  outcome: z.enum(['applied', 'failed', 'skipped']),
  /** The upstream's code, or ours: state_changed, already_present, not_found, verification_failed. */
  code: z.string().optional(),
  message: z.string().optional(),
});
export type ChangeOutcome = z.infer<typeof ChangeOutcome>;
