import { pino } from 'pino';
import { budgetsProps, changeOfBudget, written } from '../../../../test/browser/budget-fixtures.ts';
import { ben } from '../../../../test/browser/fixtures.ts';
import { parseMarkup, text } from '../../../../test/rigs/markup.ts';
import { untouched } from '../safety/day.ts';
import { type BudgetsWorld, budgetsPage } from './budgets.ts';

const now = () => new Date(budgetsProps.now);
const [mine, theirs] = ['1234567890', '9999999999'];
const at = (index: number) => new Date(Date.parse('2026-11-01T00:00:00Z') + index * 60_000).toISOString();
/** Newest first: of every ten operations, one is of an account of the reader. */
const all = Array.from({ length: 1500 }, (_, index) =>
  written(index, at(index), {
    ...changeOfBudget(`${index}`, '10.00', '11.00'),
    accountId: index % 10 === 0 ? mine : theirs,
  }),
).toReversed();

const open = () => {
  const asked: unknown[] = [];
  const world: BudgetsWorld = {
    now,
    accounts: {
      approvedFor: async (_person, api) => [{ api, accountId: mine, approvedBy: 'ben', approvedAt: at(0) }],
    },
    pipeline: {
      seenBy: () => ({
        get: async () => undefined,
        waiting: async () => [],
        recent: async ({ cursor = '0', limit = 20, tools, statuses }) => {
          asked.push({ tools, statuses });
          const [from, to] = [Number(cursor), Number(cursor) + limit];
          return { items: all.slice(from, to), ...(to < all.length && { cursor: String(to) }) };
        },
      }),
    },
    safety: { days: { of: async () => untouched }, limits: budgetsProps.limits },
  };
  const page = budgetsPage(world);
  const show = async (query: Readonly<Record<string, string>>) => {
    const origin = {
      kind: 'request',
      via: 'page',
      correlationId: 'c',
      ipAddress: '192.0.2.7',
      userAgent: 't',
    } as const;
    const { main } = await page.show({
      ...{ visitor: { person: ben, scopes: new Set(), csrf: 'csrf' }, params: {} },
      query: page.query?.parse(query) ?? {},
      context: { origin, signal: AbortSignal.timeout(10_000), log: pino({ level: 'silent' }), now },
    });
    return main.toString();
  };
  return { show, asked };
};

it('reads a bounded part, of this pack’s tools and of what was written, and goes on where it stopped', async () => {
  const { show, asked } = open();
  const first = await show({});
  expect(asked).toHaveLength(5);
  expect(asked[0]).toEqual({
    tools: ['update_budget', 'create_budget'],
    statuses: ['applied', 'partially-applied', 'reverted'],
  });
  const budgets = (page: string) => page.match(/<section class="budget/g)?.length;
  expect(budgets(first)).toBe(50);
  expect(text(parseMarkup(first))).not.toContain(theirs);
  expect(first).toContain('href="/budgets?cursor=500"');
  const last = await show({ cursor: '1000' });
  expect(budgets(last)).toBe(50);
  expect(last).toContain('Newest changes');
  expect(last).not.toContain('Older changes');
  // What its day has room for is of today, and stands on the newest part.
  expect([first, last].map((page) => page.includes('for all together'))).toEqual([true, false]);
});
