/** The page of budgets: by account what its day has room for, and by budget a chart and every change as a table. */
import { marketing } from '../../../../../contracts/packs/marketing.ts';
import { routes } from '../../../../../contracts/routes.ts';
import { currencyOf } from '../../../measures/currency.ts';
import { type Money, ofMicros } from '../../../measures/money.ts';
import { moneyWords, percentNumber, plural } from '../../../measures/words.ts';
import type { ApprovedAccount } from '../../../ports/accounts.ts';
import { clean } from '../../../untrusted.ts';
import { day } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import { hrefWith, operationHref } from '../../../web/links.ts';
import type { DayState } from '../safety/day.ts';
import { capsIn, type SafetyLimits } from '../safety/limits.ts';
import { amountChart } from './amount-chart.ts';
import type { BudgetHistory, BudgetStep } from './budget-history.ts';

export interface AccountBudgets {
  readonly account: ApprovedAccount;
  /** At least one, the one that was changed last first. */
  readonly budgets: readonly BudgetHistory[];
  /** The account's own day. */
  readonly today: {
    readonly day: string;
    readonly timeZone: string;
    readonly currency: string;
    readonly state: DayState;
  };
}

export interface BudgetsProps {
  /** Accounts of the visitor with budgets that were changed, that of the latest change first. */
  readonly accounts: readonly AccountBudgets[];
  /** The others that are approved for the visitor. */
  readonly unchanged: readonly ApprovedAccount[];
  readonly limits: SafetyLimits;
  readonly now: string;
  readonly part: {
    readonly isNewest: boolean;
    /** Where older changes begin. */
    readonly older?: string | undefined;
  };
}

/** Changes of a table that are open at first, and accounts that are named in a sentence. */
const openRows = 5;
const namedAccounts = 20;

const accountWords = ({ accountId, accountName }: ApprovedAccount): Html =>
  accountName === undefined || accountName === ''
    ? html`${accountId}`
    : html`<bdi>${clean(accountName, 120)}</bdi> <span class="quiet">${accountId}</span>`;

const amount = (money: Money | undefined): string => (money === undefined ? 'none' : moneyWords(money));

const difference = ({ before, after, percent }: BudgetStep): string => {
  if (before === undefined) return 'created';
  if (after === undefined) return 'removed';
  return percent === null ? 'from nothing' : `${percent > 0 ? '+' : ''}${percentNumber(percent)}`;
};

const remarks = ({ takesBack, takenBack, changedElsewhere }: BudgetStep): string =>
  [
    takesBack ? 'takes an earlier change back' : '',
    takenBack ? 'taken back later' : '',
    changedElsewhere ? 'not what the change before had left' : '',
  ]
    .filter((each) => each !== '')
    .join(', ');

const agreement = ({ agreed, requester }: BudgetStep): string => {
  if (agreed.length === 0) return 'nobody';
  return agreed.every((name) => name === requester) ? `${requester}, who asked` : agreed.join(', ');
};

const row = (change: BudgetStep): Html =>
  html`<tr><th scope="row">${day(change.day)}</th><td data-column="Before, a day">${amount(change.before)}</td><td data-column="After, a day">${amount(change.after)}</td><td data-column="Change">${difference(change)}${remarks(change) !== '' && html`<br><span class="quiet small">${remarks(change)}</span>`}</td><td data-column="Asked by">${change.requester}</td><td data-column="Agreed by">${agreement(change)}</td><td><a href="${operationHref(change.operationId)}">See operation<span class="unseen"> of ${day(change.day)}, to ${amount(change.after)}</span></a></td></tr>`;

const table = (changes: readonly BudgetStep[], caption: string): Html =>
  html`<table class="grid numbers stacked"><caption>${caption}</caption><thead><tr><th scope="col">Day of the account</th><th scope="col">Before, a day</th><th scope="col">After, a day</th><th scope="col">Change</th><th scope="col">Asked by</th><th scope="col">Agreed by</th><th scope="col">Operation</th></tr></thead><tbody>${changes.map(row)}</tbody></table>`;

const tables = (changes: readonly BudgetStep[]): Html => {
  const newest = changes.toReversed();
  const older = newest.slice(openRows);
  return html`${table(newest.slice(0, openRows), older.length > 0 ? `The newest ${openRows} changes` : 'Changes, newest first')}${
    older.length > 0 &&
    html`<details><summary>${plural(older.length, 'older change')}</summary>${table(older, 'Older changes')}</details>`
  }`;
};

/** What of the account's day the budget has used up. */
const usedToday = (
  { budgetId }: BudgetHistory,
  { state }: AccountBudgets['today'],
  { limits, now }: BudgetsProps,
): string => {
  const used = budgetId === undefined ? undefined : state.budgets[budgetId];
  if (used === undefined) return '';
  const pending = used.pending !== undefined && used.pending.until > now;
  return `Changed ${used.changes} of ${plural(limits.changesPerDay, 'time')} today.${pending ? ' A change is being written.' : ''}`;
};

const budgetPart = (budget: BudgetHistory, id: string, today: AccountBudgets['today'], props: BudgetsProps): Html => {
  const { name, changes, budgetId } = budget;
  const used = usedToday(budget, today, props);
  const until = props.part.isNewest ? props.now : (changes.at(-1)?.at ?? props.now);
  return html`<section class="budget panel" aria-labelledby="${id}"><h3 id="${id}"><bdi>${clean(name)}</bdi></h3><p class="quiet">${budgetId !== undefined && `Budget ${budgetId}. `}${used}</p>${amountChart({ id: `${id}-chart`, name: clean(name), changes, until })}${tables(changes)}</section>`;
};

const todayFacts = ({ day: date, timeZone, currency, state }: AccountBudgets['today'], limits: SafetyLimits): Html => {
  const caps = capsIn(limits, currencyOf(currency));
  const confirmUpTo = limits.confirmUpTo.get(currency);
  return html`<dl class="facts"><div><dt>Its day</dt><dd>${day(date)} (${timeZone})</dd></div><div><dt>Most a day</dt><dd>${
    caps === undefined
      ? `No cap is configured in ${currency}, so no budget is changed.`
      : `${moneyWords(caps.budget)} for one budget, ${moneyWords(caps.account)} for all together`
  }</dd></div>${
    confirmUpTo !== undefined &&
    html`<div><dt>Raised today without a second person</dt><dd>${moneyWords(ofMicros(state.confirmed, currency))} of ${moneyWords(confirmUpTo)}</dd></div>`
  }</dl>`;
};

const accountPart = (one: AccountBudgets, props: BudgetsProps): Html => {
  const { account, budgets, today } = one;
  const id = `account-${account.accountId}`;
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${accountWords(account)}</h2>${props.part.isNewest && todayFacts(today, props.limits)}${budgets.map((budget, index) => budgetPart(budget, `${id}-${index + 1}`, today, props))}</section>`;
};

const unchangedPart = ({ unchanged, accounts, part }: BudgetsProps): Html | false =>
  unchanged.length > 0 &&
  accounts.length > 0 &&
  part.isNewest &&
  part.older === undefined &&
  html`<section aria-labelledby="unchanged"><h2 id="unchanged">Accounts without a change</h2><p>No budget of ${unchanged.slice(0, namedAccounts).map((account, index) => html`${index > 0 && ', '}${accountWords(account)}`)}${unchanged.length > namedAccounts && ` and ${plural(unchanged.length - namedAccounts, 'other account')}`} was changed through this service.</p></section>`;

/** Why there is nothing to see, and what to do. */
const nothing = ({ accounts, unchanged, part }: BudgetsProps): Html | false => {
  if (accounts.length > 0) return false;
  if (unchanged.length === 0)
    return html`<div class="empty panel"><p><strong>No Google Ads account is approved for you.</strong></p><p class="quiet"><a href="${routes.access.path}">Ask for access to one</a>: your manager or an admin decides. Budgets of accounts that are approved for you are shown here.</p></div>`;
  if (!part.isNewest || part.older !== undefined)
    return html`<div class="empty panel"><p><strong>In this part, nothing of your accounts was changed.</strong></p></div>`;
  return html`<div class="empty panel"><p><strong>No budget of your ${unchanged.length === 1 ? 'account' : 'accounts'} was changed through this service.</strong></p><p class="quiet">Ask an agent: “List the budgets of account ${unchanged[0]?.accountId}.” Then have one changed. Each change that is agreed to and written becomes a step here.</p></div>`;
};

const pager = ({ part: { isNewest, older } }: BudgetsProps): Html | false =>
  (!isNewest || older !== undefined) &&
  html`<nav class="pager" aria-label="Parts of the list">${!isNewest && html`<a href="${marketing.routes.budgets.path}">Newest changes</a>`}${older !== undefined && html`<a href="${hrefWith(marketing.routes.budgets.path, { cursor: older })}">Older changes</a>`}</nav>`;

/** Budgets that were changed through this service, in the accounts of the visitor. */
export const budgetsView = (props: BudgetsProps): Html => html`<h1>Budgets</h1>
<p class="quiet">Daily budgets of your Google Ads accounts that were changed through this service. What was changed elsewhere is seen only where a later change found it.</p>
${nothing(props)}${props.accounts.map((one) => accountPart(one, props))}${unchangedPart(props)}${pager(props)}`;
