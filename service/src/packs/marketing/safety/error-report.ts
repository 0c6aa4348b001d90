/** What an error cost, for a plan that takes it back. */
import type { CallContext } from '../../../call.ts';
import type { FinancialReport } from '../../../measures/financial.ts';
import { spentOn } from '../google/ads/budgets.ts';
import type { Marketing } from '../world.ts';
import type { FoundBudget } from './budget-plan.ts';
import { baselineBefore, dayOf } from './days.ts';
import { costOfError } from './financial.ts';

/** From the day on which it was applied to today, both counted, beside the 30 complete days before today. */
export const errorReport = async (
  { ads, safety }: Pick<Marketing, 'ads' | 'safety'>,
  { customer, budget }: Pick<FoundBudget, 'customer' | 'budget'>,
  appliedAt: string,
  context: CallContext,
): Promise<FinancialReport> => {
  const today = dayOf(safety.now(), customer.timeZone);
  const days = { from: dayOf(new Date(appliedAt), customer.timeZone), to: today };
  const spent = await spentOn(ads, customer, budget.resourceName, baselineBefore(today), context);
  const actual = await spentOn(ads, customer, budget.resourceName, days, context);
  return costOfError(days, { spent, actual });
};
