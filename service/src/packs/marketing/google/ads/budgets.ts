/** Budgets of Google Ads, the campaigns that spend them, and what was spent. */
import { z } from 'zod';
import { add, type Money, ofMicros } from '../../../../measures/money.ts';
import type { GoogleContext } from '../parts.ts';
import type { Ads } from './ads.ts';
import type { AdsCustomer } from './customer.ts';
import { among, digits, type Gaql, gaql, onDay, resource, word } from './query.ts';

type Rows = Pick<Ads, 'rows'>;
type Owner = Pick<AdsCustomer, 'id' | 'currency'>;

export interface BudgetCampaign {
  readonly id: string;
  /** Text from outside. */
  readonly name: string;
  readonly status: string;
}

export interface AdsBudget {
  readonly id: string;
  readonly resourceName: string;
  /** Text from outside. */
  readonly name: string;
  readonly status: string;
  /** Undefined: it is a budget for its whole time. */
  readonly daily: Money | undefined;
  /** Several campaigns spend it, or may. */
  readonly shared: boolean;
}

const Budget = z.looseObject({
  campaignBudget: z.looseObject({
    id: z.string(),
    resourceName: z.string(),
    name: z.string().default(''),
    status: z.string().default('ENABLED'),
    period: z.string().default('DAILY'),
    amountMicros: z.string().optional(),
    explicitlyShared: z.boolean().default(false),
    referenceCount: z.string().default('0'),
  }),
});

const budgetsWhere = async function* (
  ads: Rows,
  { id, currency }: Owner,
  condition: Gaql,
  context: GoogleContext,
): AsyncIterable<AdsBudget> {
  const query = gaql`SELECT campaign_budget.id, campaign_budget.resource_name, campaign_budget.name, campaign_budget.status, campaign_budget.period, campaign_budget.amount_micros, campaign_budget.explicitly_shared, campaign_budget.reference_count FROM campaign_budget WHERE campaign_budget.status != 'REMOVED'${condition}`;
  for await (const { campaignBudget: budget } of ads.rows(id, query, Budget, context)) {
    const { resourceName, name, status, period, amountMicros, explicitlyShared, referenceCount } = budget;
    const daily = period === 'DAILY' ? ofMicros(amountMicros ?? '0', currency) : undefined;
    const shared = explicitlyShared || Number(referenceCount) > 1;
    yield { id: budget.id, resourceName, name, status, daily, shared };
  }
};

/** Those with these ids that are not removed. */
export const budgetsOf = async (
  ads: Rows,
  owner: Owner,
  ids: readonly string[],
  context: GoogleContext,
): Promise<ReadonlyMap<string, AdsBudget>> => {
  const found = new Map<string, AdsBudget>();
  if (ids.length === 0) return found;
  const condition = gaql` AND campaign_budget.id IN (${among(ids.map(digits))})`;
  for await (const budget of budgetsWhere(ads, owner, condition, context)) found.set(budget.id, budget);
  return found;
};

/** The one with this name; names are compared here, because a query takes no text from outside. */
export const budgetNamed = async (
  ads: Rows,
  owner: Owner,
  name: string,
  context: GoogleContext,
): Promise<AdsBudget | undefined> => {
  for await (const budget of budgetsWhere(ads, owner, gaql``, context)) if (budget.name === name) return budget;
  return undefined;
};

const Campaign = z.looseObject({
  campaign: z.looseObject({
    id: z.string(),
    name: z.string().default(''),
    status: z.string(),
    campaignBudget: z.string().default(''),
  }),
});

export const campaignsOf = async (
  ads: Rows,
  { id }: Pick<Owner, 'id'>,
  budgetName: string,
  context: GoogleContext,
): Promise<readonly BudgetCampaign[]> => {
  const query = gaql`SELECT campaign.id, campaign.name, campaign.status FROM campaign WHERE campaign.campaign_budget = ${resource(budgetName)} AND campaign.status != 'REMOVED' ORDER BY campaign.id`;
  const campaigns: BudgetCampaign[] = [];
  for await (const { campaign } of ads.rows(id, query, Campaign, context)) campaigns.push(campaign);
  return campaigns;
};

export interface FoundCampaignState extends BudgetCampaign {
  readonly resourceName: string;
  /** Resource name. */
  readonly budget: string;
}

/** Campaigns with these ids, removed ones too. */
export const campaignStates = async (
  ads: Rows,
  { id }: Pick<Owner, 'id'>,
  ids: readonly string[],
  context: GoogleContext,
): Promise<ReadonlyMap<string, FoundCampaignState>> => {
  const query = gaql`SELECT campaign.id, campaign.name, campaign.status, campaign.campaign_budget FROM campaign WHERE campaign.id IN (${among(ids.map(digits))})`;
  const found = new Map<string, FoundCampaignState>();
  for await (const { campaign } of ads.rows(id, query, Campaign, context))
    found.set(campaign.id, {
      ...campaign,
      resourceName: `customers/${id}/campaigns/${campaign.id}`,
      budget: campaign.campaignBudget,
    });
  return found;
};

const Spending = z.looseObject({
  campaignBudget: z.looseObject({
    id: z.string(),
    amountMicros: z.string().optional(),
    period: z.string().default('DAILY'),
  }),
});

/** Daily amounts of all budgets that an enabled campaign spends, by id. */
export const spentBudgets = async (
  ads: Rows,
  { id, currency }: Owner,
  context: GoogleContext,
): Promise<ReadonlyMap<string, Money>> => {
  const query = gaql`SELECT campaign_budget.id, campaign_budget.amount_micros, campaign_budget.period FROM campaign WHERE campaign.status = ${word('ENABLED')}`;
  const amounts = new Map<string, Money>();
  for await (const { campaignBudget: budget } of ads.rows(id, query, Spending, context))
    if (budget.period === 'DAILY') amounts.set(budget.id, ofMicros(budget.amountMicros ?? '0', currency));
  return amounts;
};

const Cost = z.looseObject({ metrics: z.looseObject({ costMicros: z.string().default('0') }) });

/** What all campaigns of a budget spent on these days of the account, both counted. Days without any count as zero. */
export const spentOn = async (
  ads: Rows,
  { id, currency }: Owner,
  budgetName: string,
  { from, to }: { readonly from: string; readonly to: string },
  context: GoogleContext,
): Promise<Money> => {
  const query = gaql`SELECT campaign.id, metrics.cost_micros FROM campaign WHERE campaign.campaign_budget = ${resource(budgetName)} AND segments.date BETWEEN ${onDay(from)} AND ${onDay(to)}`;
  let spent = ofMicros('0', currency);
  for await (const { metrics } of ads.rows(id, query, Cost, context))
    spent = add(spent, ofMicros(metrics.costMicros, currency));
  return spent;
};
