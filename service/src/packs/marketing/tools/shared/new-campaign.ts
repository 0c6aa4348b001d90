/** Plans a new campaign on a budget that is there. */
import { z } from 'zod';
import type { CallContext } from '../../../../call.ts';
import { digest } from '../../../../canonical.ts';
import { CountersignError } from '../../../../errors.ts';
import { moneyLine } from '../../../../measures/impact.ts';
import type { Plan, ResourceChange, State } from '../../../../operations/plan.ts';
import { clean } from '../../../../untrusted.ts';
import type { Ads } from '../../google/ads/ads.ts';
import {
  campaignsNamed,
  creatingCampaign,
  type NewCampaign,
  noCampaign,
  stateOfCampaign,
} from '../../google/ads/campaigns.ts';
import { customerOf } from '../../google/ads/customer.ts';
import { digits, gaql } from '../../google/ads/query.ts';
import type { GoogleContext } from '../../google/parts.ts';
import { impactOf } from '../../safety/financial.ts';
import { judgeEnabling } from '../../safety/status-plan.ts';
import type { Marketing } from '../../world.ts';

const Budget = z.looseObject({
  campaignBudget: z.looseObject({
    name: z.string().default(''),
    status: z.string(),
    explicitlyShared: z.boolean().default(false),
    referenceCount: z.string().default('0'),
  }),
});

const invalid = (message: string): CountersignError =>
  new CountersignError('invalid_input', message, { details: { google_code: 'INVALID_ARGUMENT' } });

/** @throws not_found for one that is not there, invalid_input for one that the campaign cannot spend */
const budgetFor = async (
  ads: Pick<Ads, 'rows'>,
  customerId: string,
  { budgetId, type }: NewCampaign,
  context: GoogleContext,
) => {
  const query = gaql`SELECT campaign_budget.name, campaign_budget.status, campaign_budget.explicitly_shared, campaign_budget.reference_count FROM campaign_budget WHERE campaign_budget.id = ${digits(budgetId)}`;
  for await (const { campaignBudget: budget } of ads.rows(customerId, query, Budget, context)) {
    if (budget.status === 'REMOVED') continue;
    if (budget.explicitlyShared && type === 'PERFORMANCE_MAX')
      throw invalid('budgetId: a PERFORMANCE_MAX campaign takes no shared budget. Make one with create_budget.');
    if (!budget.explicitlyShared && budget.referenceCount !== '0')
      throw invalid('budgetId: another campaign has this budget, and it is not shared. Make one with create_budget.');
    return { name: clean(budget.name, 100), shared: budget.explicitlyShared, campaigns: Number(budget.referenceCount) };
  }
  throw new CountersignError('not_found', 'budgetId: the account has no such budget. See list_budgets.', {
    details: { google_code: 'NOT_FOUND' },
  });
};

/** What a campaign that is enabled at once begins to spend. @throws safety_limit_exceeded where the caps have no room for it */
const spendingOf = async (
  world: Pick<Marketing, 'ads' | 'safety'>,
  customerId: string,
  { name, status, budgetId }: NewCampaign,
  context: CallContext,
): Promise<Pick<Plan, 'impact' | 'warnings' | 'financialImpact'> & { readonly beside: State }> => {
  const { currency, timeZone } = await customerOf(world.ads, customerId, context);
  const beside = { currency, time_zone: timeZone, budget_id: budgetId, agreement: 'second-person' };
  if (status !== 'ENABLED') return { impact: [], warnings: [], beside };
  const about = { id: 'new', resourceName: `customers/${customerId}/campaigns`, name, status };
  const asked = { ...about, budget: `customers/${customerId}/campaignBudgets/${budgetId}` };
  const { budget, spentNow } = await judgeEnabling(world, asked, customerId, context);
  const line = { label: 'Budget that is spent', currency, per: 'day', before: spentNow, after: budget.daily } as const;
  return {
    impact: [moneyLine(line)],
    warnings: ['It is enabled at once, and spends its budget as soon as it has ads.'],
    financialImpact: impactOf(spentNow, budget.daily),
    beside,
  };
};

/** The name of a planned campaign, whichever way round the change is. */
export const campaignNameIn = ({ before, after }: Pick<ResourceChange, 'before' | 'after'>): string =>
  String(after.name ?? before.name);

/** @throws CountersignError for a name or a budget that it cannot have, and for what Google Ads would refuse */
export const planCampaign = async (
  world: Pick<Marketing, 'ads' | 'safety'>,
  customerId: string,
  campaign: NewCampaign,
  context: CallContext,
): Promise<Plan> => {
  const { ads } = world;
  const budget = await budgetFor(ads, customerId, campaign, context);
  if ((await campaignsNamed(ads, customerId, [campaign.name], context)).size > 0)
    throw invalid('name: another campaign of the account has it. Use one of its own.');
  const { impact, warnings, beside, ...money } = await spendingOf(world, customerId, campaign, context);
  await ads.mutate(customerId, 'campaigns', [creatingCampaign(customerId, campaign)], { validateOnly: true }, context);
  const name = clean(campaign.name);
  return {
    summary: `Create the ${campaign.status === 'PAUSED' ? 'paused ' : ''}campaign "${name}" on the budget "${budget.name}" (${campaign.budgetId})`,
    changes: [
      {
        resourceId: `customers/${customerId}/campaigns/new:${digest(campaign.name).slice(0, 16)}`,
        label: name,
        kind: 'google-ads:campaign',
        api: 'GoogleAds',
        accountId: customerId,
        before: noCampaign,
        after: stateOfCampaign(campaign),
        context: beside,
      },
    ],
    impact: [
      ...impact,
      { label: 'Campaigns on the budget', unit: 'count', before: budget.campaigns, after: budget.campaigns + 1 },
    ],
    warnings: [
      ...warnings,
      ...(budget.shared ? [`The budget is shared: ${budget.campaigns} other campaigns spend it.`] : []),
      ...(campaign.type === 'PERFORMANCE_MAX'
        ? ['It has no asset groups yet: add them at Google Ads before it is enabled.']
        : ['It has no ad groups and ads yet: add them at Google Ads before it is enabled.']),
    ],
    reversible: { possible: true },
    cost: { apiCalls: 2, charges: [] },
    ...money,
  };
};
