/** What another daily amount of a budget would mean, and whether limits and caps leave room for it. */
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import type { FinancialImpact } from '../../../measures/financial.ts';
import { moneyLine } from '../../../measures/impact.ts';
import { amountOf, type Money, ofMicros, scale } from '../../../measures/money.ts';
import { moneyWords } from '../../../measures/words.ts';
import type { Plan, ResourceChange } from '../../../operations/plan.ts';
import { clean } from '../../../untrusted.ts';
import { type AdsBudget, type BudgetCampaign, budgetsOf, campaignsOf, spentOn } from '../google/ads/budgets.ts';
import { type AdsCustomer, customerOf } from '../google/ads/customer.ts';
import type { Marketing } from '../world.ts';
import { agreementTo } from './agreement.ts';
import { holdCount, openingOf, othersOf } from './day.ts';
import { baselineBefore, dayOf } from './days.ts';
import { dailyBaseline, impactOf } from './financial.ts';
import { type Judged, judgeAmount } from './judge.ts';
import { liveBudgets } from './reserved-write.ts';

type World = Pick<Marketing, 'ads' | 'safety'>;

/** Campaigns that one line of a plan names. */
const MOST_CAMPAIGNS = 50;

/** What people call it: its name, and where it has none its id. */
export const budgetLabel = ({ id, name }: Pick<AdsBudget, 'id' | 'name'>): string =>
  clean(name) === '' ? `Budget ${id}` : clean(name);

const campaignWords = ({ id, name, status }: BudgetCampaign): string => `${clean(name, 120)} (${id}, ${status})`;

export interface FoundBudget {
  readonly customer: AdsCustomer;
  readonly budget: AdsBudget & { readonly daily: Money };
  readonly campaigns: readonly BudgetCampaign[];
}

/** @throws not_found; invalid_input for a budget that has no daily amount */
export const findBudget = async (
  { ads }: Pick<Marketing, 'ads'>,
  customerId: string,
  budgetId: string,
  context: CallContext,
): Promise<FoundBudget> => {
  const customer = await customerOf(ads, customerId, context);
  const budget = (await budgetsOf(ads, customer, [budgetId], context)).get(budgetId);
  if (budget === undefined)
    throw new CountersignError(
      'not_found',
      `budgetId: account ${customerId} has no budget ${budgetId}. See list_budgets.`,
      {
        details: { google_code: 'NOT_FOUND' },
      },
    );
  const { daily } = budget;
  if (daily === undefined)
    throw new CountersignError('invalid_input', 'budgetId: is a budget for its whole time, which has no daily amount.');
  const campaigns = await campaignsOf(ads, customer, budget.resourceName, context);
  return { customer, budget: { ...budget, daily }, campaigns };
};

export interface AskedAmount extends FoundBudget {
  readonly after: Money;
  readonly takesBack: boolean;
}

interface JudgedAmount extends Judged {
  readonly opening: Money;
  readonly confirmedToday: Money;
}

/** @throws safety_limit_exceeded, of which admins are told */
export const judgeAsked = async (world: World, asked: AskedAmount, context: CallContext): Promise<JudgedAmount> => {
  const { safety } = world;
  const { customer, budget, after, takesBack } = asked;
  const now = safety.now();
  const day = dayOf(now, customer.timeZone);
  const about = { accountId: customer.id, day, resource: budget.resourceName, name: budgetLabel(budget) };
  return safety.watching(about, context, async () => {
    const state = await safety.days.of(customer.id, day);
    const live = await liveBudgets(world, customer, Object.keys(state.budgets), context);
    const others = othersOf(state, live, { budgetId: budget.id, currency: after.currency }, now);
    const { daily: before } = budget;
    const opening = openingOf(state, budget.id, before);
    const judged = judgeAmount({ before, after, others, opening, takesBack }, safety.limits);
    if (!takesBack) holdCount(state, budget.id, safety.limits);
    return { ...judged, opening, confirmedToday: ofMicros(state.confirmed, customer.currency) };
  });
};

/** With what was really spent, over the last complete days of the account. */
const impactWithBaseline = async (
  { ads, safety }: World,
  { customer, budget, after }: AskedAmount,
  context: CallContext,
): Promise<FinancialImpact> => {
  const days = baselineBefore(dayOf(safety.now(), customer.timeZone));
  const spent = await spentOn(ads, customer, budget.resourceName, days, context);
  return { ...impactOf(budget.daily, after), baseline: { ...days, perDay: dailyBaseline(spent) } };
};

const monthly = (daily: Money): Money => scale(daily, 304n, 10n);

/** What the change would bring, for a plan of it and for a plan that takes it back. */
export const consequencesOf = async (
  world: World,
  asked: AskedAmount,
  { warnings, percent }: Judged,
  context: CallContext,
): Promise<Pick<Plan, 'impact' | 'warnings' | 'typed' | 'financialImpact'>> => {
  const { budget, campaigns, after, customer } = asked;
  const { daily: before } = budget;
  const { currency } = customer;
  const financialImpact = await impactWithBaseline(world, asked, context);
  const { baseline } = financialImpact;
  const named = campaigns.slice(0, MOST_CAMPAIGNS).map(campaignWords).join(', ');
  const touched = `Campaigns that spend this budget (${campaigns.length}): ${campaigns.length === 0 ? 'none' : named}.`;
  return {
    impact: [
      moneyLine({ label: 'Daily budget', currency, per: 'day', before, after }),
      moneyLine({ label: 'Most in a month', currency, per: 'month', before: monthly(before), after: monthly(after) }),
    ],
    warnings: [
      ...warnings,
      touched,
      ...(baseline === undefined
        ? []
        : [
            `From ${baseline.from} to ${baseline.to} these campaigns spent ${moneyWords(baseline.perDay)} a day. On one day Google may spend twice the daily budget.`,
          ]),
    ],
    ...((budget.shared || percent === null) && {
      typed: { what: 'the name of the budget', text: budgetLabel(budget) },
    }),
    financialImpact,
  };
};

/** The change of the plan. */
export const amountChange = (
  { customer, budget, campaigns, after }: AskedAmount,
  { opening, confirmedToday }: JudgedAmount,
  limits: Marketing['safety']['limits'],
): ResourceChange => ({
  resourceId: budget.resourceName,
  label: budgetLabel(budget),
  kind: 'google-ads:campaign-budget',
  api: 'GoogleAds',
  accountId: customer.id,
  before: { daily_amount: amountOf(budget.daily) },
  after: { daily_amount: amountOf(after) },
  context: {
    currency: customer.currency,
    time_zone: customer.timeZone,
    budget_id: budget.id,
    shared: budget.shared,
    campaign_ids: campaigns.map(({ id }) => id),
    campaigns: campaigns.map(campaignWords).slice(0, MOST_CAMPAIGNS),
    agreement: agreementTo({ before: budget.daily, after, opening, confirmedToday }, limits),
  },
});
