import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import { canonicalJson, digest } from '../../../canonical.ts';
import { CountersignError } from '../../../errors.ts';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import { amountOf, type Money, parseMoney } from '../../../measures/money.ts';
import { moneyWords } from '../../../measures/words.ts';
import type { ChangeOutcome, ResourceChange, State } from '../../../operations/plan.ts';
import { budgetsOf, campaignsOf } from '../google/ads/budgets.ts';
import { agreementTo } from '../safety/agreement.ts';
import { besideOf, takingBack } from '../safety/beside.ts';
import { amountChange, budgetLabel, consequencesOf, findBudget, judgeAsked } from '../safety/budget-plan.ts';
import { errorReport } from '../safety/error-report.ts';
import { writeReserved } from '../safety/reserved-write.ts';
import type { Marketing } from '../world.ts';
import { AdsId, CustomerId } from './shared/ads.ts';
import { amountAboveZero, GivenAmount } from './shared/amount.ts';
import { eitherAmount, GivenReason } from './shared/spending.ts';
import { spendingSteps } from './shared/spending-steps.ts';

const amountIn = (state: State, currency: string): Money =>
  parseMoney(String(state.daily_amount), currency, { field: 'daily_amount', to: 'micros' });

const operationFor = ({ resourceId, after, context }: ResourceChange) => ({
  update: { resourceName: resourceId, amountMicros: amountIn(after, String(context?.currency)).micros },
  updateMask: 'amountMicros',
});

const readAmounts = async ({ ads }: Marketing, changes: readonly ResourceChange[], context: CallContext) => {
  const states = new Map<string, State>();
  for (const change of changes) {
    const { currency, budget_id = '' } = besideOf(change);
    const found = await budgetsOf(ads, { id: change.accountId, currency }, [budget_id], context);
    const daily = found.get(budget_id)?.daily;
    if (daily !== undefined) states.set(change.resourceId, { daily_amount: amountOf(daily) });
  }
  return states;
};

/** Whether other campaigns spend the budget than whoever agreed has seen. */
const spentByOthers = async ({ ads }: Marketing, change: ResourceChange, context: CallContext): Promise<boolean> => {
  const { campaign_ids, takes_back } = besideOf(change);
  if (takes_back) return false;
  const now = await campaignsOf(ads, { id: change.accountId }, change.resourceId, context);
  return now.some(({ id }) => !campaign_ids.includes(id));
};

const applyOne = async (world: Marketing, change: ResourceChange, context: CallContext): Promise<ChangeOutcome> => {
  const { resourceId, before, after } = change;
  const { currency, budget_id: budgetId = '' } = besideOf(change);
  if (await spentByOthers(world, change, context))
    return {
      ...{ resourceId, outcome: 'failed', code: 'state_changed' },
      message: 'Other campaigns spend this budget since it was planned. Nothing was written. Ask for the change again.',
    };
  const reserved = {
    budgetId,
    kind: 'amount',
    key: digest([resourceId, before, after]),
    before: amountIn(before, currency),
    after: amountIn(after, currency),
  } as const;
  const isThere = async () =>
    canonicalJson((await readAmounts(world, [change], context)).get(resourceId) ?? null) === canonicalJson(after);
  const sending = { service: 'campaignBudgets', operation: operationFor(change), isThere } as const;
  return writeReserved(world, change, reserved, sending, context);
};

export const updateBudget = (world: Marketing): Change =>
  defineChange({
    ...spendingSteps(world),
    name: 'update_budget',
    title: 'Change a daily budget',
    description:
      'Asks for another daily amount of a budget, within safety limits. It affects every campaign on it. A person agrees.',
    input: z.strictObject({
      customerId: CustomerId,
      budgetId: AdsId.describe('Digits'),
      newDailyAmount: GivenAmount.optional().describe('Such as 150.00, in the account’s currency'),
      newDailyAmountDollars: GivenAmount.optional().describe('The same'),
      reason: GivenReason,
    }),
    plan: async ({ customerId, budgetId, newDailyAmount, newDailyAmountDollars }, context) => {
      const given = eitherAmount({ newDailyAmount, newDailyAmountDollars });
      const found = await findBudget(world, customerId, budgetId, context);
      const after = amountAboveZero(given, found.customer.currency, 'newDailyAmount');
      const { daily: before } = found.budget;
      if (before.micros === after.micros)
        throw new CountersignError('invalid_input', 'newDailyAmount: is what the budget is already.');
      const asked = { ...found, after, takesBack: false };
      const judged = await judgeAsked(world, asked, context);
      const change = amountChange(asked, judged, world.safety.limits);
      await world.ads.mutate(customerId, 'campaignBudgets', [operationFor(change)], { validateOnly: true }, context);
      return {
        summary: `Change the daily budget "${budgetLabel(found.budget)}" from ${moneyWords(before)} to ${moneyWords(after)}`,
        changes: [change],
        ...(await consequencesOf(world, asked, judged, context)),
        reversible: { possible: true },
        cost: { apiCalls: 2, charges: [] },
      };
    },
    read: (changes, context) => readAmounts(world, changes, context),
    apply: (changes, context) => Promise.all(changes.map((change) => applyOne(world, change, context))),
    revert: takingBack,
    judge: async ([change], context, { appliedAt }) => {
      if (change === undefined) return { impact: [], warnings: [] };
      const { budget_id = '', currency } = besideOf(change);
      const found = await findBudget(world, change.accountId, budget_id, context);
      const asked = { ...found, after: amountIn(change.after, currency), takesBack: true };
      const judged = await judgeAsked(world, asked, context);
      return {
        ...(await consequencesOf(world, asked, judged, context)),
        countersign: agreementTo({ ...judged, before: found.budget.daily, after: asked.after }, world.safety.limits),
        financialReport: await errorReport(world, found, appliedAt, context),
      };
    },
  });
