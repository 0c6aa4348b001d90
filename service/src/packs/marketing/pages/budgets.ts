/** The page of budgets that were changed through this service, and how their daily amounts went over time. */
import { z } from 'zod';
import { marketing } from '../../../../../contracts/packs/marketing.ts';
import type { Operation } from '../../../operations/operation.ts';
import type { ApprovedAccount } from '../../../ports/accounts.ts';
import type { PackServices } from '../../pack.ts';
import { definePage, type PackPage, type PageVisitor } from '../../page.ts';
import { dayOf } from '../safety/days.ts';
import type { SafetyDesk } from '../safety/desk.ts';
import { type BudgetHistory, budgetHistories, budgetTools, writtenStatuses } from './budget-history.ts';
import { type AccountBudgets, type BudgetsProps, budgetsView } from './budgets-view.ts';

/** What the page reads. Nothing of it is Google's: a page has no credential of its visitor's. */
export interface BudgetsWorld extends Pick<PackServices, 'now'> {
  readonly accounts: Pick<PackServices['accounts'], 'approvedFor'>;
  readonly pipeline: Pick<PackServices['pipeline'], 'seenBy'>;
  readonly safety: { readonly days: Pick<SafetyDesk['days'], 'of'>; readonly limits: SafetyDesk['limits'] };
}

/** Operations of one part of the page, and how many lists it reads at most to find as many that its reader may see. */
const PART = 100;
const MOST_LISTS = 5;

interface Found {
  readonly operations: readonly Operation[];
  readonly older?: string;
}

const findOperations = async (
  { pipeline }: BudgetsWorld,
  visitor: PageVisitor,
  mine: ReadonlySet<string>,
  from: string | undefined,
): Promise<Found> => {
  const seen = pipeline.seenBy(visitor);
  const operations: Operation[] = [];
  let cursor = from;
  for (let lists = 0; lists < MOST_LISTS && operations.length < PART; lists += 1) {
    const asked = {
      tools: budgetTools,
      statuses: writtenStatuses,
      limit: PART,
      ...(cursor !== undefined && { cursor }),
    };
    const page = await seen.recent(asked);
    operations.push(...page.items.filter(({ plan }) => plan.changes.some(({ accountId }) => mine.has(accountId))));
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return { operations, ...(cursor !== undefined && { older: cursor }) };
};

const withToday = async (
  { safety, now }: BudgetsWorld,
  account: ApprovedAccount,
  budgets: readonly BudgetHistory[],
): Promise<AccountBudgets[]> => {
  const [newest] = budgets;
  const currency = newest?.changes.map(({ after, before }) => (after ?? before)?.currency).at(-1);
  if (newest === undefined || currency === undefined) return [];
  const { timeZone } = newest;
  const day = dayOf(now(), timeZone);
  const state = await safety.days.of(account.accountId, day);
  return [{ account, budgets, today: { day, timeZone, currency, state } }];
};

const readBudgets = async (
  world: BudgetsWorld,
  visitor: PageVisitor,
  cursor: string | undefined,
): Promise<BudgetsProps> => {
  const approved = await world.accounts.approvedFor(visitor.person, 'GoogleAds');
  const mine = new Set(approved.map(({ accountId }) => accountId));
  const { operations, older } =
    mine.size === 0 ? { operations: [] } : await findOperations(world, visitor, mine, cursor);
  const histories = budgetHistories(operations, (accountId) => mine.has(accountId));
  // In the order of the histories: the account of the latest change first.
  const changed = [...Map.groupBy(histories, ({ accountId }) => accountId)];
  const accounts = await Promise.all(
    changed.map(async ([id, budgets]) => {
      const account = approved.find(({ accountId }) => accountId === id);
      return account === undefined ? [] : withToday(world, account, budgets);
    }),
  );
  return {
    accounts: accounts.flat(),
    unchanged: approved.filter(({ accountId }) => !changed.some(([id]) => id === accountId)),
    limits: world.safety.limits,
    now: world.now().toISOString(),
    part: { isNewest: cursor === undefined, older },
  };
};

export const budgetsPage = (world: BudgetsWorld): PackPage =>
  definePage({
    route: marketing.routes.budgets,
    title: 'Budgets',
    nav: { label: 'Budgets', order: 40 },
    home: {
      title: 'Budgets of Google Ads',
      text: 'The daily budgets that were changed through this service: how they went over time, who asked and who agreed.',
      link: 'See budgets',
    },
    query: z.object({ cursor: z.string().min(1).max(2000).optional().catch(undefined) }),
    show: async ({ visitor, query }) => ({ main: budgetsView(await readBudgets(world, visitor, query.cursor)) }),
  });
