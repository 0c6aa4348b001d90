/** What the reviewer makes of the plan of a change, for the pipeline. */
import type { CallContext } from '../../call.ts';
import type { Plan } from '../../operations/plan.ts';
import type { PlanReview } from '../../operations/submit.ts';
import type { Reviewer } from './reviewer.ts';

/** Undefined where there is no reviewer. A high risk is for a second person; the reasons are warnings of the plan. */
export const reviewPlan = async (
  reviewer: Reviewer | undefined,
  tool: string,
  input: Readonly<Record<string, unknown>>,
  plan: Plan,
  { caller, signal }: CallContext,
): Promise<PlanReview | undefined> => {
  if (reviewer === undefined) return undefined;
  const { risk, confidence, reasons, by } = await reviewer.review({ tool, input, plan, caller, signal });
  return {
    forSecondPerson: risk === 'high',
    warnings: reasons.map((reason) => `The reviewer finds a ${risk} risk: ${reason}`),
    summary: { risk, confidence, by },
  };
};
