/**
 * Keeps the days of budgets, so that limits and caps hold for all tasks together. A change is reserved in one conditional write
 * before it is sent to Google, and the reservation is settled once it is known what became of it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { CountersignError } from '../../../errors.ts';
import type { Currency } from '../../../measures/currency.ts';
import type { Tables } from '../../../ports/tables.ts';
import {
  DayState,
  type LiveBudgets,
  type ReservationEnd,
  type Reserved,
  reserveChange,
  settleChange,
  untouched,
} from './day.ts';
import type { SafetyLimits } from './limits.ts';

const KEPT_DAYS = 90;
/** Milliseconds after which a reservation of a task that died ends. Longer than any apply and its lease. */
const RESERVED_MS = 15 * 60_000;
const TRIES = 40;
const MOST_PAUSE_MS = 200;

export interface BudgetDays {
  /** The day of an account as it stands. */
  of(accountId: string, day: string): Promise<DayState>;
  /**
   * Reserves a change, if limits and caps leave room for it.
   * @param live reads what Google has now; it is called again where another task was quicker
   * @throws safety_limit_exceeded, state_changed where the budget is not what was planned on, conflict where others were quicker each time
   */
  reserve(asked: Reserved, live: (touched: readonly string[]) => Promise<LiveBudgets>): Promise<void>;
  /** Says what became of a reserved change. @param madeId the id of a budget that was made */
  settle(asked: Reserved, outcome: ReservationEnd, madeId?: string): Promise<void>;
}

interface Kept {
  readonly state: DayState;
  /** Undefined: there is no row yet. */
  readonly revision: number | undefined;
}

/** One after the other within this process, so that only tasks compete for a row. */
const inTurn = () => {
  const last = new Map<string, Promise<unknown>>();
  return <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const ended = mine
      .catch(() => {})
      .finally(() => {
        if (last.get(key) === ended) last.delete(key);
      });
    last.set(key, ended);
    return mine;
  };
};

export const openBudgetDays = (
  { tables, now }: { readonly tables: Pick<Tables, 'get' | 'insert' | 'put'>; readonly now: () => Date },
  limits: SafetyLimits,
): BudgetDays => {
  const queued = inTurn();
  const read = async (accountId: string, day: string): Promise<Kept> => {
    const row = await tables.get('budget-days', { accountId, day });
    if (row === undefined) return { state: untouched, revision: undefined };
    return { state: DayState.parse(row), revision: row.revision };
  };
  const write = ({ accountId, day }: Reserved, { budgets, confirmed }: DayState, currency: Currency, kept: Kept) => {
    const at = now();
    const row = {
      accountId,
      day,
      currency,
      budgets,
      confirmed,
      revision: (kept.revision ?? 0) + 1,
      updatedAt: at.toISOString(),
      expirationTime: Math.floor(at.getTime() / 1000) + KEPT_DAYS * 86_400,
    };
    return kept.revision === undefined
      ? tables.insert('budget-days', row)
      : tables.put('budget-days', row, { revision: kept.revision });
  };
  /** Changes the day in one conditional write, from what it is when it is written. */
  const change = async (asked: Reserved, next: (state: DayState) => Promise<DayState>): Promise<void> => {
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const kept = await read(asked.accountId, asked.day);
      const state = await next(kept.state);
      if (state === kept.state || (await write(asked, state, asked.after.currency, kept))) return;
      await sleep(Math.random() * Math.min(MOST_PAUSE_MS, 5 * tries));
    }
    throw new CountersignError('conflict', 'Other changes of budgets of this account were quicker. Ask for it again.');
  };
  return {
    of: async (accountId, day) => (await read(accountId, day)).state,
    reserve: (asked, live) =>
      queued(asked.accountId, () =>
        change(asked, async (state) => {
          // After the day was read: what is settled since moved the row, and what is not counts as pending.
          const found = await live([...Object.keys(state.budgets), asked.budgetId]);
          const at = now();
          return reserveChange(state, found, asked, { limits, now: at, until: new Date(at.getTime() + RESERVED_MS) });
        }),
      ),
    settle: (asked, outcome, madeId) =>
      queued(asked.accountId, () => change(asked, async (state) => settleChange(state, asked, outcome, madeId))),
  };
};
