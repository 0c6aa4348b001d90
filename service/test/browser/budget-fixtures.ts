/** The page of budgets of the marketing pack, with names that somebody hostile gave. */
import { Micros } from '../../src/measures/money.ts';
import type { Operation } from '../../src/operations/operation.ts';
import type { ChangeOutcome, ResourceChange } from '../../src/operations/plan.ts';
import { budgetHistories } from '../../src/packs/marketing/pages/budget-history.ts';
import type { BudgetsProps } from '../../src/packs/marketing/pages/budgets-view.ts';
import { limitsOf } from '../../src/packs/marketing/safety/limits.ts';
import { ada, attacks, ben, now, operation } from './fixtures.ts';

const account = '1234567890';

/** Without an id, one that is created. */
export const changeOfBudget = (
  id: string | undefined,
  before: string | null,
  after: string | null,
): ResourceChange => ({
  resourceId: `customers/${account}/campaignBudgets/${id ?? 'new'}`,
  label: `Budget ${id ?? 'new'}`,
  kind: 'google-ads:campaign-budget',
  api: 'GoogleAds',
  accountId: account,
  before: { daily_amount: before },
  after: { daily_amount: after },
  context: {
    ...{ currency: 'USD', time_zone: 'America/New_York', agreement: 'second-person' },
    ...(id !== undefined && { budget_id: id }),
  },
});

/** An operation of one change, as it ended. */
export const written = (
  index: number,
  appliedAt: string,
  change: ResourceChange,
  outcome: ChangeOutcome['outcome'] = 'applied',
): Operation => {
  const one = operation(1, { operationId: `op_${String(index).padStart(32, '0')}`, tool: 'update_budget' });
  const approved = { decision: 'approve', at: appliedAt, via: 'page', approvalHash: 'hash' } as const;
  return {
    ...one,
    status: 'applied',
    requester: { ...ada, clientId: 'claude' },
    approvals: [{ ...approved, by: ben }],
    plan: { ...one.plan, changes: [change] },
    result: {
      ...{ outcomes: [{ resourceId: change.resourceId, outcome }], appliedAt },
      ...{ applied: 1, failed: 0, skipped: 0 },
    },
  };
};

const amounts = ['100.00', '120.00', '144.00', '100.00', '160.00', '40.00', '45.50', '60.00', '120.00'];
const steady = amounts.slice(1).map((after, index) => {
  const at = new Date(Date.parse('2026-11-01T15:00:00Z') + index * 54 * 3_600_000).toISOString();
  return written(index, at, { ...changeOfBudget('7', amounts[index] ?? '', after), label: 'Autumn, search' });
});
const hostile = written(99, '2026-11-20T15:00:00Z', {
  ...changeOfBudget('8', '9000.00', '9999.99'),
  label: `${attacks.script}${attacks.bidi}\u200b${'very'.repeat(40)}`,
});
const created = written(98, '2026-11-19T15:00:00Z', changeOfBudget(undefined, null, '50.00'));

const approved = { api: 'GoogleAds', approvedBy: 'ben@example.com', approvedAt: now };
const day = (opening: string, changes: number) => ({ opening: Micros.parse(opening), changes });

export const budgetsProps: BudgetsProps = {
  accounts: [
    {
      account: { ...approved, accountId: account, accountName: `Shop ${attacks.script}` },
      budgets: budgetHistories([...steady, hostile, created], () => true),
      today: {
        ...{ day: '2026-11-20', timeZone: 'America/New_York', currency: 'USD' },
        state: { budgets: { 8: day('9000000000', 1) }, confirmed: Micros.parse('20000000') },
      },
    },
  ],
  unchanged: [{ ...approved, accountId: '5678901234', accountName: 'Tea' }],
  limits: limitsOf({
    GOOGLE_ADS_BUDGET_CAPS: ['USD:10000/50000'],
    GOOGLE_ADS_CONFIRM_UP_TO: ['USD:200'],
    GOOGLE_ADS_CONFIRM_PERCENT: 20,
    GOOGLE_ADS_MOST_INCREASE_PERCENT: 500,
    GOOGLE_ADS_MOST_DECREASE_PERCENT: 90,
    GOOGLE_ADS_CHANGES_PER_DAY: 3,
  }),
  now,
  part: { isNewest: true },
};
