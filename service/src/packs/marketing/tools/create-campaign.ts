import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import { digest } from '../../../canonical.ts';
import { CountersignError } from '../../../errors.ts';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import type { ChangeOutcome, ResourceChange, State } from '../../../operations/plan.ts';
import type { MutateOperation } from '../google/ads/ads.ts';
import {
  type Bidding,
  biddings,
  campaignsNamed,
  campaignTypes,
  creatingCampaign,
  noCampaign,
  political,
} from '../google/ads/campaigns.ts';
import { mutateEach } from '../google/ads/mutate-each.ts';
import { writeReserved } from '../safety/reserved-write.ts';
import { findEnabling } from '../safety/status-plan.ts';
import type { Marketing } from '../world.ts';
import { AdsId, CustomerId, ofCustomer } from './shared/ads.ts';
import { AskedChange, additive, askedChange, Reason } from './shared/asked-change.ts';
import { campaignNameIn, planCampaign } from './shared/new-campaign.ts';

const isOneLine = (text: string): boolean => !/\p{Cc}/u.test(text);

const readCampaigns = async ({ ads }: Marketing, changes: readonly ResourceChange[], context: CallContext) => {
  const states = new Map<string, State>();
  for (const change of changes) {
    const name = campaignNameIn(change);
    const found = await campaignsNamed(ads, change.accountId, [name], context);
    states.set(change.resourceId, found.get(name)?.state ?? noCampaign);
  }
  return states;
};

const biddingOf = (state: State): Bidding => biddings.find((each) => each === state.bidding) ?? 'MANUAL_CPC';

/** One that is enabled at once is held against the caps, as one that is enabled later. */
const makeEnabled = async (
  world: Marketing,
  change: ResourceChange,
  operation: MutateOperation,
  context: CallContext,
): Promise<ChangeOutcome> => {
  const { resourceId, accountId, before, after } = change;
  const campaign = { budget: String(after.budget_id) };
  const { budget, spentNow } = await findEnabling(world, campaign, accountId, context);
  const isThere = async () => (await readCampaigns(world, [change], context)).get(resourceId)?.status === after.status;
  const key = digest([resourceId, before, after]);
  const reserved = { budgetId: budget.id, kind: 'campaign', key, before: spentNow, after: budget.daily } as const;
  return writeReserved(world, change, reserved, { service: 'campaigns', operation, isThere }, context);
};

const applyOne = async (
  world: Marketing,
  change: ResourceChange,
  context: CallContext,
): Promise<readonly ChangeOutcome[]> => {
  const { ads } = world;
  const { resourceId, accountId, after } = change;
  const name = campaignNameIn(change);
  if (after.status !== null) {
    const operation = creatingCampaign(accountId, {
      name,
      status: String(after.status),
      type: String(after.type),
      budgetId: String(after.budget_id),
      bidding: biddingOf(after),
      euPolitical: String(after.eu_political),
    });
    if (after.status === 'ENABLED') return [await makeEnabled(world, change, operation, context)];
    return mutateEach(ads, accountId, 'campaigns', [{ resourceId, operation }], context);
  }
  const found = (await campaignsNamed(ads, accountId, [name], context)).get(name);
  if (found === undefined) return [{ resourceId, outcome: 'applied' }];
  return mutateEach(ads, accountId, 'campaigns', [{ resourceId, operation: { remove: found.resourceName } }], context);
};

/** PERFORMANCE_MAX takes no other: https://developers.google.com/google-ads/api/performance-max/create-campaign */
const biddingFor = (type: string, bidding: Bidding | undefined): Bidding => {
  if (type !== 'PERFORMANCE_MAX') return bidding ?? 'MANUAL_CPC';
  if (bidding !== 'MANUAL_CPC') return bidding ?? 'MAXIMIZE_CONVERSIONS';
  throw new CountersignError(
    'invalid_input',
    'bidding: PERFORMANCE_MAX takes MAXIMIZE_CONVERSIONS or MAXIMIZE_CONVERSION_VALUE.',
  );
};

export const createCampaign = (world: Marketing): Change =>
  defineChange({
    name: 'create_campaign',
    title: 'Create a campaign',
    description:
      'Asks for a campaign on a budget that is there, paused unless asked otherwise. A person agrees at approval_url. It can be taken back.',
    scopes: ['marketing:write'],
    approveScope: 'marketing:approve',
    input: z.strictObject({
      customerId: CustomerId,
      name: z.string().trim().min(1).max(255).refine(isOneLine, 'must be one line').describe('Of its own'),
      budgetId: AdsId.describe('See list_budgets'),
      campaignType: z.enum(campaignTypes).describe('No VIDEO'),
      status: z.enum(['PAUSED', 'ENABLED']).default('PAUSED').describe('ENABLED: held against the budget caps'),
      euPolitical: z.boolean().describe('Whether it has political advertising in the EU'),
      bidding: z.enum(biddings).optional().describe('Default: MANUAL_CPC; of PERFORMANCE_MAX MAXIMIZE_CONVERSIONS'),
      reason: Reason,
    }),
    output: AskedChange,
    annotations: additive,
    accounts: ofCustomer,
    plan: ({ customerId, campaignType: type, euPolitical, bidding, ...input }, context) => {
      const campaign = {
        ...{ name: input.name, budgetId: input.budgetId, status: input.status, type },
        bidding: biddingFor(type, bidding),
        euPolitical: euPolitical ? political.yes : political.no,
      };
      return planCampaign(world, customerId, campaign, context);
    },
    read: (changes, context) => readCampaigns(world, changes, context),
    apply: async (changes, context) =>
      (await Promise.all(changes.map((change) => applyOne(world, change, context)))).flat(),
    revert: (change) => ({ ...change, before: change.after, after: change.before }),
    judge: async ([removed]) => ({
      impact: [],
      warnings: ['Google Ads removes the campaign for good, with whatever was added to it since.'],
      ...(removed && { typed: { what: 'the name of the campaign', text: removed.label } }),
      countersign: 'second-person',
    }),
    countersign: ({ status }) => (status === 'ENABLED' ? 'second-person' : 'same-person'),
    policyVersion: async () => world.safety.policyVersion,
    present: askedChange(world),
  });
