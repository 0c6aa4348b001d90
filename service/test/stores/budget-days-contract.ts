/** What the days of budgets promise, on whatever engine keeps them: limits and caps hold for two tasks on one store. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CountersignError } from '../../src/errors.ts';
import { add, amountOf, type Money, ofMicros, parseMoney } from '../../src/measures/money.ts';
import type { LiveBudgets, Reserved } from '../../src/packs/marketing/safety/day.ts';
import { type BudgetDays, openBudgetDays } from '../../src/packs/marketing/safety/ledger.ts';
import { limitsOf } from '../../src/packs/marketing/safety/limits.ts';
import type { TableEngine } from '../../src/ports/tables.ts';

const usd = (text: string) => parseMoney(text, 'USD');
const nothing = usd('0');
const day = '2026-11-20';
const limits = limitsOf({
  GOOGLE_ADS_BUDGET_CAPS: ['USD:10000/50000'],
  GOOGLE_ADS_CONFIRM_UP_TO: ['USD:100'],
  GOOGLE_ADS_CONFIRM_PERCENT: 20,
  GOOGLE_ADS_MOST_INCREASE_PERCENT: 500,
  GOOGLE_ADS_MOST_DECREASE_PERCENT: 90,
  GOOGLE_ADS_CHANGES_PER_DAY: 3,
});
const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'written',
    (error: unknown) =>
      error instanceof CountersignError ? String(error.details.limit ?? error.code) : `a fault: ${error}`,
  );
const tally = (outcomes: readonly string[]) =>
  Object.fromEntries([...new Set(outcomes)].map((one) => [one, outcomes.filter((other) => other === one).length]));

/** Google as the ledger sees it: amounts, all of them spent by campaigns. */
class Account {
  readonly amounts = new Map<string, Money>();
  async read(touched: readonly string[]): Promise<LiveBudgets> {
    const found = new Map(this.amounts);
    await sleep(1);
    return { amounts: found, spent: new Set([...found.keys()].filter((id) => !touched.includes(`unused ${id}`))) };
  }
  get total(): string {
    return amountOf([...this.amounts.values()].reduce(add, nothing));
  }
}

export const budgetDaysContract = (open: (now: () => Date) => Promise<TableEngine>): void => {
  let tables: TableEngine;
  let time = Date.parse('2026-11-20T09:00:00.000Z');
  let tasks: readonly [BudgetDays, BudgetDays];
  let accountId: string;
  let account: Account;

  beforeAll(async () => {
    tables = await open(() => new Date(time));
    const task = () => openBudgetDays({ tables, now: () => new Date(time) }, limits);
    tasks = [task(), task()];
  });
  afterAll(() => tables.close());
  beforeEach(() => {
    accountId = String(randomInt(1e9, 1e10));
    account = new Account();
  });

  const asked = (budgetId: string, before: string, after: string, more: Partial<Reserved> = {}): Reserved => ({
    ...{ accountId, day, budgetId, key: `${budgetId} ${before} ${after}`, kind: 'amount', takesBack: false },
    ...{ before: usd(before), after: usd(after), agreement: 'second-person' },
    ...more,
  });
  /** A whole change: reserved, written at Google a while later, settled. */
  const changed = async (task: number, one: Reserved): Promise<void> => {
    const [first, second] = tasks;
    const days = task % 2 === 0 ? first : second;
    await days.reserve(one, (touched) => account.read(touched));
    await sleep(2);
    account.amounts.set(one.budgetId, one.after);
    await days.settle(one, 'written');
  };

  it('50 raises at once over two tasks: the account stays below its cap, and as many pass as fit', async () => {
    for (let id = 0; id < 50; id += 1) account.amounts.set(String(id), usd('900'));
    const raises = Array.from({ length: 50 }, (_, id) => changed(id, asked(String(id), '900', '1900')));
    const outcomes = await Promise.all(raises.map(outcomeOf));
    expect(tally(outcomes)).toEqual({ written: 5, 'account-cap': 45 });
    expect(account.total).toBe('50000.00');
  });

  it('50 changes of one budget at once over two tasks: one at a time, three a day, none on another amount than it was planned on', async () => {
    account.amounts.set('7', usd('100'));
    const changes = Array.from({ length: 50 }, (_, at) =>
      changed(at, asked('7', '100', '101', { key: `change ${at}` })),
    );
    expect(tally(await Promise.all(changes.map(outcomeOf)))).toEqual({ written: 1, state_changed: 49 });
    await changed(0, asked('7', '101', '102'));
    await changed(1, asked('7', '102', '103'));
    expect(await outcomeOf(changed(0, asked('7', '103', '104')))).toBe('changes-per-day');
    expect(await outcomeOf(changed(0, asked('7', '103', '100', { takesBack: true })))).toBe('written');
    expect(await outcomeOf(changed(0, asked('7', '100', '101', { day: '2026-11-21' })))).toBe('written');
  });

  it('what people confirm themselves comes to no more than its amount, however many ask at once', async () => {
    for (let id = 0; id < 20; id += 1) account.amounts.set(String(id), usd('200'));
    const raises = Array.from({ length: 20 }, (_, id) =>
      changed(id, asked(String(id), '200', '230', { agreement: 'same-person' })),
    );
    expect(tally(await Promise.all(raises.map(outcomeOf)))).toEqual({ written: 3, 'own-confirmation': 17 });
  });

  it('a day is held against its first amount, also where each step is small enough', async () => {
    account.amounts.set('7', usd('100'));
    await changed(0, asked('7', '100', '600'));
    expect(await outcomeOf(changed(1, asked('7', '600', '3600')))).toBe('day');
    account.amounts.set('8', nothing);
    await changed(0, asked('8', '0', '50'));
    await changed(0, asked('8', '50', '300'));
    expect(await outcomeOf(changed(1, asked('8', '300', '301')))).toBe('day');
  });

  it('budgets that are made count, under the id that Google gives them', async () => {
    const made = async (at: number) => {
      const one = asked(`new ${at}`, '0', '10000', { kind: 'creation' });
      const days = at % 2 === 0 ? tasks[0] : tasks[1];
      const unused = async (touched: readonly string[]) => ({
        ...(await account.read(touched)),
        spent: new Set<string>(),
      });
      await days.reserve(one, unused);
      account.amounts.set(String(at), one.after);
      await days.settle(one, 'written', String(at));
    };
    expect(tally(await Promise.all(Array.from({ length: 50 }, (_, at) => outcomeOf(made(at)))))).toEqual({
      written: 5,
      'account-cap': 45,
    });
  });

  it('what Google refused leaves its room to others; what is not known takes it until it must be known', async () => {
    account.amounts.set('1', usd('9000'));
    for (let id = 2; id < 6; id += 1) account.amounts.set(String(id), usd('9900'));
    const [days] = tasks;
    const read = (touched: readonly string[]) => account.read(touched);
    const first = asked('1', '9000', '9500');
    const second = asked('2', '9900', '10000');
    await days.reserve(first, read);
    await days.settle(first, 'not-written');
    expect((await days.of(accountId, day)).budgets).toEqual({});
    await days.reserve(asked('1', '9000', '10000', { key: 'unknown' }), read);
    await days.settle(asked('1', '9000', '10000', { key: 'unknown' }), 'unknown');
    for (let id = 3; id < 6; id += 1) account.amounts.set(String(id), usd('10000'));
    expect(await outcomeOf(tasks[1].reserve(second, read))).toBe('written');
    account.amounts.set('6', usd('1'));
    expect(await outcomeOf(tasks[1].reserve(asked('6', '1', '2'), read))).toBe('account-cap');
    time += 16 * 60_000;
    expect(await outcomeOf(tasks[1].reserve(asked('6', '1', '2'), read))).toBe('written');
  });

  it('a reservation that a dead task left behind is gone on with, and counts once', async () => {
    account.amounts.set('7', usd('100'));
    const one = asked('7', '100', '150');
    await tasks[0].reserve(one, (touched) => account.read(touched));
    await changed(1, one);
    expect(await tasks[0].of(accountId, day)).toMatchObject({
      budgets: { 7: { opening: ofMicros('100000000', 'USD').micros, changes: 1 } },
    });
  });
};
