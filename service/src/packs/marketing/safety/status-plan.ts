/** What another status of a campaign would mean. */
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import { moneyLine } from '../../../measures/impact.ts';
import { type Money, ofMicros } from '../../../measures/money.ts';
import type { Plan, ResourceChange } from '../../../operations/plan.ts';
import { clean } from '../../../untrusted.ts';
import { campaignStates, type FoundCampaignState } from '../google/ads/budgets.ts';
import { customerOf } from '../google/ads/customer.ts';
import type { Marketing } from '../world.ts';
import type { Agreement } from './agreement.ts';
import { budgetLabel, type FoundBudget, findBudget } from './budget-plan.ts';
import { othersOf } from './day.ts';
import { dayOf } from './days.ts';
import { impactOf } from './financial.ts';
import { holdCaps } from './judge.ts';
import { liveBudgets } from './reserved-write.ts';

type World = Pick<Marketing, 'ads' | 'safety'>;

export type AskedStatus = 'ENABLED' | 'PAUSED' | 'REMOVED';

export const findCampaign = async (
  { ads }: World,
  customerId: string,
  campaignId: string,
  context: CallContext,
): Promise<FoundCampaignState> => {
  const found = (await campaignStates(ads, { id: customerId }, [campaignId], context)).get(campaignId);
  if (found !== undefined) return found;
  throw new CountersignError(
    'not_found',
    `campaignId: account ${customerId} has no campaign ${campaignId}. See list_campaigns.`,
    { details: { google_code: 'NOT_FOUND' } },
  );
};

export interface Enabling {
  readonly budget: FoundBudget['budget'];
  /** What other campaigns may spend of its budget now: all of it, or nothing. */
  readonly spentNow: Money;
}

interface FoundEnabling extends Enabling {
  /** What all other budgets of the account may spend. */
  readonly others: Money;
  /** The account's own day. */
  readonly day: string;
}

/** What a campaign would begin to spend. */
export const findEnabling = async (
  world: World,
  campaign: Pick<FoundCampaignState, 'budget'>,
  customerId: string,
  context: CallContext,
): Promise<FoundEnabling> => {
  const { safety } = world;
  const budgetId = campaign.budget.split('/').at(-1) ?? '';
  const { customer, budget } = await findBudget(world, customerId, budgetId, context);
  const now = safety.now();
  const day = dayOf(now, customer.timeZone);
  const state = await safety.days.of(customerId, day);
  const live = await liveBudgets(world, customer, Object.keys(state.budgets), context);
  const spentNow = live.spent.has(budget.id) ? budget.daily : ofMicros('0', customer.currency);
  const others = othersOf(state, live, { budgetId: budget.id, currency: budget.daily.currency }, now);
  return { budget, spentNow, others, day };
};

/** @throws safety_limit_exceeded where its budget does not fit into the caps, of which admins are told */
export const judgeEnabling = async (
  world: World,
  campaign: FoundCampaignState,
  customerId: string,
  context: CallContext,
): Promise<Enabling> => {
  const { budget, spentNow, others, day } = await findEnabling(world, campaign, customerId, context);
  const about = { accountId: customerId, day, resource: campaign.resourceName, name: clean(campaign.name) };
  return world.safety.watching(about, context, async () => {
    const change = { before: spentNow, after: budget.daily, opening: spentNow, others, takesBack: true };
    holdCaps(change, world.safety.limits);
    return { budget, spentNow };
  });
};

/**
 * Pausing stops what is spent, and one call takes it back, so its requester may confirm it where the operator lets people confirm
 * anything in the currency. So it is for a campaign whose budget is spent already. Anything else takes a second person.
 */
const agreementOf = (
  status: AskedStatus,
  currency: string,
  enabling: Enabling | undefined,
  { limits }: World['safety'],
): Agreement => {
  if (!limits.confirmUpTo.has(currency) || status === 'REMOVED') return 'second-person';
  if (status === 'PAUSED') return 'same-person';
  return enabling !== undefined &&
    enabling.spentNow.micros === enabling.budget.daily.micros &&
    enabling.budget.daily.micros !== '0'
    ? 'same-person'
    : 'second-person';
};

const irreversible = { possible: false, reason: 'Google Ads brings no removed campaign back.' } as const;

export const planStatus = async (
  world: World,
  {
    customerId,
    campaignId,
    status,
  }: { readonly customerId: string; readonly campaignId: string; readonly status: AskedStatus },
  context: CallContext,
): Promise<Plan> => {
  const campaign = await findCampaign(world, customerId, campaignId, context);
  if (campaign.status === status)
    throw new CountersignError('invalid_input', `status: the campaign is ${status} already.`);
  if (campaign.status === 'REMOVED')
    throw new CountersignError(
      'invalid_input',
      'campaignId: the campaign was removed, and cannot be changed any more.',
    );
  const { currency, timeZone } = await customerOf(world.ads, customerId, context);
  const enabling = status === 'ENABLED' ? await judgeEnabling(world, campaign, customerId, context) : undefined;
  const name = clean(campaign.name) || `Campaign ${campaignId}`;
  const change: ResourceChange = {
    ...{ resourceId: campaign.resourceName, label: name, kind: 'google-ads:campaign', api: 'GoogleAds' },
    accountId: customerId,
    before: { status: campaign.status },
    after: { status },
    context: { currency, time_zone: timeZone, agreement: agreementOf(status, currency, enabling, world.safety) },
  };
  return {
    summary: `Set the campaign "${name}" from ${campaign.status} to ${status}`,
    changes: [change],
    impact:
      enabling === undefined
        ? []
        : [
            moneyLine({
              label: 'Budget that is spent',
              currency,
              per: 'day',
              before: enabling.spentNow,
              after: enabling.budget.daily,
            }),
          ],
    warnings: [
      ...(enabling === undefined ? [] : [`The campaign spends the budget "${budgetLabel(enabling.budget)}".`]),
      ...(status === 'REMOVED' ? ['A removed campaign cannot be brought back.'] : []),
    ],
    reversible: status === 'REMOVED' ? irreversible : { possible: true },
    ...(status === 'REMOVED' && { typed: { what: 'the name of the campaign', text: name } }),
    cost: { apiCalls: 2, charges: [] },
    ...(enabling !== undefined && { financialImpact: impactOf(enabling.spentNow, enabling.budget.daily) }),
  };
};
