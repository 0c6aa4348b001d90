import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import { digest } from '../../../canonical.ts';
import { CountersignError } from '../../../errors.ts';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import { amountOf, type Money, ofMicros, parseMoney } from '../../../measures/money.ts';
import { moneyWords } from '../../../measures/words.ts';
import type { ChangeOutcome, ResourceChange, State } from '../../../operations/plan.ts';
import { clean } from '../../../untrusted.ts';
import { budgetNamed } from '../google/ads/budgets.ts';
import { type AdsCustomer, customerOf } from '../google/ads/customer.ts';
import { agreementIn, besideOf, takingBack } from '../safety/beside.ts';
import { othersOf } from '../safety/day.ts';
import { dayOf } from '../safety/days.ts';
import { impactOf } from '../safety/financial.ts';
import { holdCaps } from '../safety/judge.ts';
import { liveBudgets, writeFreely, writeReserved } from '../safety/reserved-write.ts';
import type { Marketing } from '../world.ts';
import { CustomerId, ofCustomer } from './shared/ads.ts';
import { amountAboveZero, GivenAmount } from './shared/amount.ts';
import { AskedChange, askedChange } from './shared/asked-change.ts';
import { eitherAmount, GivenReason, spending } from './shared/spending.ts';

/** A budget that is not there. */
const absent: State = { name: null, daily_amount: null };

const operationFor = (name: string, amount: Money) => ({
  create: {
    name,
    amountMicros: amount.micros,
    deliveryMethod: 'STANDARD',
    // Left out, it is true: https://developers.google.com/google-ads/api/docs/campaigns/budgets/sharing-budgets
    explicitlyShared: false,
  },
});

const nameIn = ({ before, after }: ResourceChange): string => String(after.name ?? before.name);

const found = ({ ads }: Marketing, change: ResourceChange, context: CallContext) =>
  budgetNamed(ads, { id: change.accountId, currency: besideOf(change).currency }, nameIn(change), context);

const readMade = async (world: Marketing, changes: readonly ResourceChange[], context: CallContext) => {
  const states = new Map<string, State>();
  for (const change of changes) {
    const budget = await found(world, change, context);
    const { name, daily } = budget ?? {};
    const state = daily === undefined ? absent : { name: String(name), daily_amount: amountOf(daily) };
    states.set(change.resourceId, state);
  }
  return states;
};

const removeOne = async (world: Marketing, change: ResourceChange, context: CallContext): Promise<ChangeOutcome> => {
  const { resourceId } = change;
  const budget = await found(world, change, context);
  if (budget === undefined) return { resourceId, outcome: 'applied' };
  const isThere = async () => (await found(world, change, context)) === undefined;
  const sending = { service: 'campaignBudgets', operation: { remove: budget.resourceName }, isThere } as const;
  return writeFreely(world, change, sending, context);
};

const makeOne = async (world: Marketing, change: ResourceChange, context: CallContext): Promise<ChangeOutcome> => {
  const { currency } = besideOf(change);
  const after = parseMoney(String(change.after.daily_amount), currency, { field: 'dailyAmount' });
  const key = digest([change.resourceId, change.after]);
  const reserved = {
    budgetId: `new ${key.slice(0, 16)}`,
    key,
    kind: 'creation',
    before: ofMicros('0', currency),
    after,
  } as const;
  const isThere = async () => (await found(world, change, context)) !== undefined;
  const operation = operationFor(nameIn(change), after);
  return writeReserved(world, change, reserved, { service: 'campaignBudgets', operation, isThere }, context);
};

/** @throws safety_limit_exceeded where the caps have no room for it, of which admins are told */
const holdRoom = (
  world: Marketing,
  customer: AdsCustomer,
  { name, after }: { readonly name: string; readonly after: Money },
  context: CallContext,
): Promise<void> => {
  const { safety } = world;
  const now = safety.now();
  const day = dayOf(now, customer.timeZone);
  const about = { accountId: customer.id, day, resource: `customers/${customer.id}/campaignBudgets`, name };
  return safety.watching(about, context, async () => {
    const state = await safety.days.of(customer.id, day);
    const live = await liveBudgets(world, customer, Object.keys(state.budgets), context);
    const before = ofMicros('0', customer.currency);
    const others = othersOf(state, live, { budgetId: 'new', currency: after.currency }, now);
    holdCaps({ before, after, opening: before, others, takesBack: true }, safety.limits);
  });
};

export const createBudget = (world: Marketing): Change =>
  defineChange({
    name: 'create_budget',
    title: 'Create a budget',
    description:
      'Asks for a new budget that one campaign can spend. A second person agrees. It can be taken back while no campaign uses it.',
    scopes: ['marketing:write'],
    approveScope: 'marketing:approve',
    input: z.strictObject({
      customerId: CustomerId,
      name: z.string().trim().min(1).max(200).describe('Of its own'),
      dailyAmount: GivenAmount.optional().describe('Such as 150.00, in the account’s currency'),
      dailyAmountDollars: GivenAmount.optional().describe('The same'),
      reason: GivenReason.optional(),
    }),
    output: AskedChange,
    annotations: { ...spending, destructiveHint: false, idempotentHint: false },
    accounts: ofCustomer,
    plan: async ({ customerId, name, dailyAmount, dailyAmountDollars }, context) => {
      const given = eitherAmount({ dailyAmount, dailyAmountDollars });
      const customer = await customerOf(world.ads, customerId, context);
      const { currency } = customer;
      const after = amountAboveZero(given, currency, 'dailyAmount');
      if ((await budgetNamed(world.ads, customer, name, context)) !== undefined)
        throw new CountersignError(
          'invalid_input',
          'name: is that of another budget of the account. Use one of its own.',
        );
      await holdRoom(world, customer, { name, after }, context);
      await world.ads.mutate(
        customerId,
        'campaignBudgets',
        [operationFor(name, after)],
        { validateOnly: true },
        context,
      );
      const change: ResourceChange = {
        resourceId: `customers/${customerId}/campaignBudgets/new:${digest(name).slice(0, 16)}`,
        label: clean(name),
        kind: 'google-ads:campaign-budget',
        api: 'GoogleAds',
        accountId: customerId,
        before: absent,
        after: { name, daily_amount: amountOf(after) },
        context: { currency, time_zone: customer.timeZone, agreement: 'second-person' },
      };
      return {
        summary: `Create the budget "${clean(name)}" with ${moneyWords(after)} a day`,
        changes: [change],
        impact: [],
        warnings: ['It is spent once a campaign uses it.'],
        reversible: { possible: true },
        cost: { apiCalls: 2, charges: [] },
        financialImpact: impactOf(ofMicros('0', currency), after),
      };
    },
    read: (changes, context) => readMade(world, changes, context),
    apply: (changes, context) =>
      Promise.all(
        changes.map((change) =>
          change.after.daily_amount === null ? removeOne(world, change, context) : makeOne(world, change, context),
        ),
      ),
    revert: takingBack,
    judge: async () => ({
      impact: [],
      warnings: ['Google Ads removes it for good, and only while no campaign uses it.'],
    }),
    countersign: (_input, plan) => agreementIn(plan),
    policyVersion: async () => world.safety.policyVersion,
    present: askedChange(world),
  });
