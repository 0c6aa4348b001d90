/** What stands beside a change of the plan, for whoever agrees to it and for writing it. It is part of what was agreed to. */
import { z } from 'zod';
import type { ResourceChange } from '../../../operations/plan.ts';
import type { Agreement } from './agreement.ts';

const Beside = z.looseObject({
  currency: z.string(),
  time_zone: z.string(),
  budget_id: z.string().optional(),
  /** Ids of the campaigns that spend the budget. */
  campaign_ids: z.array(z.string()).default([]),
  agreement: z.enum(['same-person', 'second-person']),
  takes_back: z.literal(true).optional(),
});
export type Beside = z.infer<typeof Beside>;

export const besideOf = ({ context }: ResourceChange): Beside => Beside.parse(context);

/** Who must agree to a plan of one change. */
export const agreementIn = ({ changes }: { readonly changes: readonly ResourceChange[] }): Agreement => {
  const [change] = changes;
  return change === undefined ? 'second-person' : besideOf(change).agreement;
};

/** The change that takes another one back. */
export const takingBack = (change: ResourceChange): ResourceChange => ({
  ...change,
  before: change.after,
  after: change.before,
  context: { ...change.context, takes_back: true },
});
