/** How daily budgets went, as the operations of this service changed them. */
import { type Money, parseMoney, percentOfChange } from '../../../measures/money.ts';
import type { Operation, Status } from '../../../operations/operation.ts';
import type { ResourceChange, State } from '../../../operations/plan.ts';
import { besideOf } from '../safety/beside.ts';
import { dayOf } from '../safety/days.ts';

/** The tools that change what a budget is a day. */
export const budgetTools = ['update_budget', 'create_budget'] as const;
/** Of operations that wrote something. */
export const writtenStatuses = ['applied', 'partially-applied', 'reverted'] as const satisfies readonly Status[];

export interface BudgetStep {
  readonly operationId: string;
  /** When it was written, and which day of the account that was. */
  readonly at: string;
  readonly day: string;
  /** A day. Undefined: there was no budget. */
  readonly before: Money | undefined;
  readonly after: Money | undefined;
  /** Null where no percentage says what happened. */
  readonly percent: number | null;
  readonly requester: string;
  /** Names of those who agreed to it. */
  readonly agreed: readonly string[];
  readonly takesBack: boolean;
  /** It was itself taken back later. */
  readonly takenBack: boolean;
  /** What the change before left is not what this one found: somebody changed it elsewhere in between. */
  readonly changedElsewhere: boolean;
}

export interface BudgetHistory {
  readonly accountId: string;
  /** Of Google. Undefined where it was only created, and no later change named it. */
  readonly budgetId: string | undefined;
  /** What people called it last; text from outside. */
  readonly name: string;
  readonly timeZone: string;
  /** Oldest first, at least one. */
  readonly changes: readonly BudgetStep[];
}

interface Written {
  readonly operation: Operation;
  readonly change: ResourceChange;
  readonly at: string;
}

/** Changes of budgets that Google took, in accounts that `shows` is true of; oldest first. */
const writtenOf = (operations: readonly Operation[], shows: (accountId: string) => boolean): Written[] =>
  operations
    .flatMap((operation): Written[] => {
      const { result, plan } = operation;
      if (result === undefined) return [];
      const applied = new Set(result.outcomes.flatMap((each) => (each.outcome === 'applied' ? [each.resourceId] : [])));
      return plan.changes
        .filter(({ api, accountId, resourceId }) => api === 'GoogleAds' && shows(accountId) && applied.has(resourceId))
        .map((change) => ({ operation, change, at: result.appliedAt }));
    })
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));

const amountIn = ({ daily_amount: amount }: State, currency: string): Money | undefined =>
  typeof amount === 'string' ? parseMoney(amount, currency, { field: 'daily_amount', to: 'micros' }) : undefined;

const agreedTo = ({ approvals }: Operation): string[] => [
  ...new Set(
    approvals.flatMap(({ by, decision }) => (decision === 'approve' || decision === 'confirm' ? [by.name] : [])),
  ),
];

const changeOf = ({ operation, change, at }: Written, earlier: BudgetStep | undefined): BudgetStep => {
  const { currency, time_zone } = besideOf(change);
  const [before, after] = [amountIn(change.before, currency), amountIn(change.after, currency)];
  return {
    operationId: operation.operationId,
    at,
    day: dayOf(new Date(at), time_zone),
    before,
    after,
    percent: before && after ? percentOfChange(before, after) : null,
    requester: operation.requester.name,
    agreed: agreedTo(operation),
    takesBack: operation.reverts !== undefined,
    takenBack: operation.status === 'reverted',
    changedElsewhere: earlier !== undefined && earlier.after?.micros !== before?.micros,
  };
};

/**
 * What tells budgets apart. A budget that is created has no id yet, and its name is of its own in the account: so it is found
 * by its name once a change names its id.
 */
const keyOf = ({ change }: Written, ids: ReadonlyMap<string, string>): string => {
  const { accountId, label, resourceId } = change;
  return besideOf(change).budget_id === undefined ? (ids.get(`${accountId} ${label}`) ?? resourceId) : resourceId;
};

const historyOf = (all: readonly Written[]): BudgetHistory[] => {
  const last = all.at(-1)?.change;
  if (last === undefined) return [];
  const changes: BudgetStep[] = [];
  for (const one of all) changes.push(changeOf(one, changes.at(-1)));
  const budgetId = all.map(({ change }) => besideOf(change).budget_id).findLast((id) => id !== undefined);
  const { accountId, label } = last;
  return [{ accountId, budgetId, name: label, timeZone: besideOf(last).time_zone, changes }];
};

/** By budget, the one that was changed last first. @param shows whether an account is one of the reader's */
export const budgetHistories = (
  operations: readonly Operation[],
  shows: (accountId: string) => boolean,
): BudgetHistory[] => {
  const all = writtenOf(operations, shows);
  const ids = new Map(
    all.flatMap(({ change }) =>
      besideOf(change).budget_id === undefined ? [] : [[`${change.accountId} ${change.label}`, change.resourceId]],
    ),
  );
  const byBudget = Map.groupBy(all, (one) => keyOf(one, ids));
  const lastOf = ({ changes }: BudgetHistory): number => Date.parse(changes.at(-1)?.at ?? '');
  return [...byBudget.values()].flatMap(historyOf).sort((one, other) => lastOf(other) - lastOf(one));
};
