/**
 * What became of an account's budgets on one day, and whether one more change fits in. Pure: ledger.ts keeps it.
 */
import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import type { Currency } from '../../../measures/currency.ts';
import { add, compareMoney, Micros, type Money, ofMicros } from '../../../measures/money.ts';
import { type Agreement, holdOwnConfirmation, raiseOf } from './agreement.ts';
import { holdCaps, judgeAmount } from './judge.ts';
import type { SafetyLimits } from './limits.ts';
import { limitExceeded } from './refusal.ts';

const BudgetDay = z.object({
  /** Micros of what it was when the day began, as far as it is known; of one that began with nothing, its first amount. */
  opening: Micros,
  /** How often its amount was changed. */
  changes: z.int(),
  /** What is being written. Until its time is over, the budget counts with the higher of both amounts. */
  pending: z.object({ key: z.string(), micros: Micros, until: z.iso.datetime() }).optional(),
});
type BudgetDay = z.infer<typeof BudgetDay>;

export const DayState = z.object({
  /** By id. */
  budgets: z.record(z.string(), BudgetDay),
  /** Micros that budgets were raised by with their requesters' own confirmations. */
  confirmed: Micros,
});
export type DayState = z.infer<typeof DayState>;

export const untouched: DayState = { budgets: {}, confirmed: Micros.parse('0') };

/** What a change would make of one budget. */
export interface Reserved {
  readonly accountId: string;
  /** Of the account's own calendar. */
  readonly day: string;
  /** Id of the budget, or a name of its own for one that does not exist yet. */
  readonly budgetId: string;
  /** The same each time that the same change is reserved. */
  readonly key: string;
  /** amount: another daily amount. campaign: a campaign begins to spend it. creation: it is made. */
  readonly kind: 'amount' | 'campaign' | 'creation';
  readonly before: Money;
  readonly after: Money;
  readonly takesBack: boolean;
  readonly agreement: Agreement;
}

/** What Google says of the account's budgets now. */
export interface LiveBudgets {
  /** Daily amounts by id: of those that an enabled campaign spends, and of those that were asked for besides. */
  readonly amounts: ReadonlyMap<string, Money>;
  /** Ids of those that an enabled campaign spends. */
  readonly spent: ReadonlySet<string>;
}

const greater = (one: Money, other: Money): Money => (compareMoney(one, other) > 0 ? one : other);

const pendingOf = (budget: BudgetDay | undefined, now: Date) =>
  budget?.pending !== undefined && Date.parse(budget.pending.until) > now.getTime() ? budget.pending : undefined;

/** What all budgets but this one may spend on the day: those that campaigns spend, and those that were touched on it. */
export const othersOf = (
  state: DayState,
  live: LiveBudgets,
  { budgetId, currency }: { readonly budgetId: string; readonly currency: Currency },
  now: Date,
): Money => {
  const ids = new Set([...live.spent, ...Object.keys(state.budgets)]);
  ids.delete(budgetId);
  return [...ids].reduce(
    (sum, id) => {
      const pending = pendingOf(state.budgets[id], now);
      const known = live.amounts.get(id) ?? ofMicros('0', currency);
      return add(sum, pending === undefined ? known : greater(known, ofMicros(pending.micros, currency)));
    },
    ofMicros('0', currency),
  );
};

/** What the limits hold an amount against. */
export const openingOf = (state: DayState, budgetId: string, before: Money): Money => {
  const known = state.budgets[budgetId]?.opening;
  return known === undefined ? before : ofMicros(known, before.currency);
};

/** @throws safety_limit_exceeded where the budget was changed as often as it may be */
export const holdCount = (state: DayState, budgetId: string, { changesPerDay }: SafetyLimits): void => {
  if ((state.budgets[budgetId]?.changes ?? 0) < changesPerDay) return;
  throw limitExceeded(
    'changes-per-day',
    `The budget was changed ${changesPerDay} times on this day of its account, as often as it may be. Change it tomorrow.`,
  );
};

const moved = (why: string): CountersignError =>
  new CountersignError('state_changed', `${why} Nothing was written. Ask for the change again.`);

/** @throws state_changed where the budget is not what the change was planned on */
const holdLive = (state: DayState, live: LiveBudgets, asked: Reserved, now: Date): void => {
  const pending = pendingOf(state.budgets[asked.budgetId], now);
  if (pending !== undefined && pending.key !== asked.key)
    throw moved('Another change of this budget is being written.');
  if (asked.kind === 'creation') return;
  const amount = live.amounts.get(asked.budgetId);
  if (amount === undefined) throw moved('The budget is not there any more.');
  const planned = asked.kind === 'amount' ? asked.before : asked.after;
  if (compareMoney(amount, planned) !== 0) throw moved('The budget was changed since this was planned.');
};

/** @throws safety_limit_exceeded */
const holdLimits = (state: DayState, live: LiveBudgets, asked: Reserved, limits: SafetyLimits, now: Date): void => {
  const { budgetId, before, after, kind, takesBack, agreement } = asked;
  const others = othersOf(state, live, { budgetId, currency: after.currency }, now);
  const change = { before, after, others, takesBack, opening: openingOf(state, budgetId, before) };
  if (kind === 'amount') judgeAmount(change, limits);
  else holdCaps({ ...change, takesBack: true }, limits);
  if (takesBack) return;
  if (kind === 'amount') holdCount(state, budgetId, limits);
  if (agreement === 'same-person') {
    const confirmedToday = ofMicros(state.confirmed, after.currency);
    holdOwnConfirmation({ before, after, opening: change.opening, confirmedToday }, limits);
  }
};

const withBudget = (state: DayState, budgetId: string, budget: BudgetDay, confirmed: bigint): DayState => ({
  budgets: { ...state.budgets, [budgetId]: budget },
  confirmed: Micros.parse(String(confirmed)),
});

/** What it adds to what was confirmed on the day. */
const confirmedBy = (asked: Reserved): bigint =>
  asked.agreement === 'same-person' && asked.kind === 'amount' ? BigInt(raiseOf(asked).micros) : 0n;

const isNone = (micros: string): boolean => BigInt(micros) === 0n;

/**
 * The day with the change reserved.
 * @param until when the reservation ends by itself, if its task dies
 * @throws safety_limit_exceeded, or state_changed
 */
export const reserveChange = (
  state: DayState,
  live: LiveBudgets,
  asked: Reserved,
  { limits, now, until }: { readonly limits: SafetyLimits; readonly now: Date; readonly until: Date },
): DayState => {
  const { budgetId, key, before, after, kind } = asked;
  holdLive(state, live, asked, now);
  const known = state.budgets[budgetId];
  const pending = { key, micros: after.micros, until: until.toISOString() };
  // A task died after it had reserved this: it counts once.
  if (known?.pending?.key === key) return withBudget(state, budgetId, { ...known, pending }, BigInt(state.confirmed));
  holdLimits(state, live, asked, limits, now);
  const first = kind === 'campaign' || isNone(before.micros) ? after.micros : before.micros;
  const opening = known === undefined || isNone(known.opening) ? first : known.opening;
  const changes = (known?.changes ?? 0) + (kind === 'campaign' ? 0 : 1);
  return withBudget(state, budgetId, { opening, changes, pending }, BigInt(state.confirmed) + confirmedBy(asked));
};

/** written: it reads back. not-written: Google refused it. unknown: nobody can tell, so it counts until its time is over. */
export type ReservationEnd = 'written' | 'not-written' | 'unknown';

/** The day once it is known what became of a reservation. @param madeId the id of a budget that was made */
export const settleChange = (state: DayState, asked: Reserved, outcome: ReservationEnd, madeId?: string): DayState => {
  const { budgetId, key } = asked;
  const known = state.budgets[budgetId];
  if (known === undefined || known.pending?.key !== key || outcome === 'unknown') return state;
  const { pending: _over, ...budget } = known;
  const { [budgetId]: _this, ...others } = state.budgets;
  if (outcome === 'written') return { ...state, budgets: { ...others, [madeId ?? budgetId]: budget } };
  const changes = budget.changes - (asked.kind === 'campaign' ? 0 : 1);
  const confirmed = Micros.parse(String(BigInt(state.confirmed) - confirmedBy(asked)));
  // What was never changed was never touched.
  return changes === 0
    ? { budgets: others, confirmed }
    : { budgets: { ...others, [budgetId]: { ...budget, changes } }, confirmed };
};
