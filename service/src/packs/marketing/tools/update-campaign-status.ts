import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import { digest } from '../../../canonical.ts';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import type { ChangeOutcome, Plan, ResourceChange, State } from '../../../operations/plan.ts';
import { campaignStates } from '../google/ads/budgets.ts';
import { takingBack } from '../safety/beside.ts';
import { writeFreely, writeReserved } from '../safety/reserved-write.ts';
import { findCampaign, findEnabling, judgeEnabling, planStatus } from '../safety/status-plan.ts';
import type { Marketing } from '../world.ts';
import { AdsId, CustomerId, lastPartOf } from './shared/ads.ts';
import { GivenReason } from './shared/spending.ts';
import { spendingSteps } from './shared/spending-steps.ts';

const operationFor = ({ resourceId, after }: ResourceChange) =>
  after.status === 'REMOVED'
    ? { remove: resourceId }
    : { update: { resourceName: resourceId, status: String(after.status) }, updateMask: 'status' };

const readStates = async ({ ads }: Marketing, changes: readonly ResourceChange[], context: CallContext) => {
  const states = new Map<string, State>();
  for (const { accountId, resourceId } of changes) {
    const id = lastPartOf(resourceId);
    const status = (await campaignStates(ads, { id: accountId }, [id], context)).get(id)?.status;
    if (status !== undefined) states.set(resourceId, { status });
  }
  return states;
};

const applyOne = async (world: Marketing, change: ResourceChange, context: CallContext): Promise<ChangeOutcome> => {
  const { resourceId, before, after } = change;
  const isThere = async () => (await readStates(world, [change], context)).get(resourceId)?.status === after.status;
  const sending = { service: 'campaigns', operation: operationFor(change), isThere } as const;
  if (after.status !== 'ENABLED') return writeFreely(world, change, sending, context);
  const campaign = await findCampaign(world, change.accountId, lastPartOf(resourceId), context);
  const { budget, spentNow } = await findEnabling(world, campaign, change.accountId, context);
  const reserved = {
    budgetId: budget.id,
    kind: 'campaign',
    key: digest([resourceId, before, after]),
    before: spentNow,
    after: budget.daily,
  } as const;
  return writeReserved(world, change, reserved, sending, context);
};

const checked = async (world: Marketing, plan: Plan, context: CallContext): Promise<Plan> => {
  const [change] = plan.changes;
  if (change !== undefined)
    await world.ads.mutate(change.accountId, 'campaigns', [operationFor(change)], { validateOnly: true }, context);
  return plan;
};

export const updateCampaignStatus = (world: Marketing): Change =>
  defineChange({
    ...spendingSteps(world),
    name: 'update_campaign_status',
    title: 'Enable, pause or remove a campaign',
    description: 'Asks for a campaign to be enabled (within the caps), paused, or removed for good. A person agrees.',
    input: z.strictObject({
      customerId: CustomerId,
      campaignId: AdsId.describe('Digits'),
      status: z.enum(['ENABLED', 'PAUSED', 'REMOVED']).describe('The new one'),
      reason: GivenReason,
    }),
    plan: async (input, context) => checked(world, await planStatus(world, input, context), context),
    read: (changes, context) => readStates(world, changes, context),
    apply: (changes, context) => Promise.all(changes.map((change) => applyOne(world, change, context))),
    revert: (change) =>
      change.after.status === 'REMOVED'
        ? { irreversible: 'Google Ads brings no removed campaign back.' }
        : takingBack(change),
    judge: async ([change], context) => {
      if (change?.after.status !== 'ENABLED') return { impact: [], warnings: [] };
      const campaign = await findCampaign(world, change.accountId, lastPartOf(change.resourceId), context);
      await judgeEnabling(world, campaign, change.accountId, context);
      return { impact: [], warnings: ['The campaign spends its budget again.'] };
    },
  });
