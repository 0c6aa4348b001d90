import { routes } from '../../../../contracts/routes.ts';
import type { AccessRequest, PastApproval } from '../../accounts/rows.ts';
import { plural } from '../../measures/words.ts';
import type { AccountAccessProps, ShownApprovalRow } from '../access-props.ts';
import { time } from '../format.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { accessRequestHref, accountAccessHref } from '../links.ts';
import { accountLabel, approvalStatus, ends, lookForm, notice, revokeForm } from './access-parts.ts';

const endWords = { REVOKED: 'Taken away', EXPIRED: 'Ended' } as const;

/** How one approval ended; of one that holds, until when it does. */
const endOf = ({ status, endedAt, endedBy, expiresAt }: PastApproval): Html =>
  status === 'REVOKED' || status === 'EXPIRED'
    ? html`${endWords[status]}${endedAt !== undefined && html` ${time(endedAt)}`}${endedBy !== undefined && html` by <bdi>${endedBy}</bdi>`}`
    : html`Given ${ends(expiresAt)}`;

const subset = ({ accounts, approved }: AccessRequest): Html | false =>
  approved.length < accounts.length &&
  html`<li>${approved.length} of ${plural(accounts.length, 'account')} approved: ${approved.map((account) => accountLabel(account)).join(', ')}</li>`;

const asked = (request: AccessRequest): Html =>
  html`<li>Asked by <bdi>${request.requester.name}</bdi> ${time(request.requestedAt)}: <q><bdi>${request.reason}</bdi></q></li>`;

const pastItem = (one: PastApproval): Html =>
  html`<li><ul class="plain-list small">${one.request && asked(one.request)}
<li>Approved by <bdi>${one.approvedBy}</bdi> ${time(one.approvedAt)}${one.request?.note !== undefined && html`: <q><bdi>${one.request.note}</bdi></q>`}${
    one.requestId !== undefined && html` · <a href="${accessRequestHref(one.requestId)}">its request</a>`
  }</li>${one.request && subset(one.request)}<li>${endOf(one)}</li></ul></li>`;

const history = ({ past, row }: ShownApprovalRow): Html | false =>
  past.length > 0 &&
  html`<details><summary>History (${plural(past.length, 'approval')})<span class="unseen"> of ${row.userId}</span></summary><ol>${past.map(pastItem)}</ol></details>`;

const item = (shown: ShownApprovalRow, { csrf }: AccountAccessProps): Html => {
  const { row, active } = shown;
  const status = approvalStatus(shown);
  return html`<li class="item panel"><h3><bdi>${row.userId}</bdi> <span class="tag">${status}</span></h3>
<p class="quiet small">${row.accountName !== undefined && html`<bdi>${row.accountName}</bdi> · `}approved by <bdi>${row.approvedBy}</bdi> ${time(row.approvedAt)} · ${ends(row.expiresAt)}${
    row.endedBy !== undefined && html` · ended by <bdi>${row.endedBy}</bdi>`
  }</p>${history(shown)}${active && revokeForm(row, csrf, false)}</li>`;
};

const pager = ({
  api,
  accountId,
  rows,
  from,
  total,
  pageSize,
}: NonNullable<AccountAccessProps['account']>): Html | false => {
  const link = (start: number, name: string, rel: string): Html =>
    html`<a href="${accountAccessHref({ api, account_id: accountId, from: start })}" rel="${rel}">${name}</a>`;
  return (
    total > pageSize &&
    html`<nav class="pager" aria-label="People of this account">${from > 0 && link(Math.max(0, from - pageSize), '← People before', 'prev')}<span>People ${from + 1} to ${from + rows.length} of ${total}</span>${from + rows.length < total && link(from + rows.length, 'Further people →', 'next')}</nav>`
  );
};

const found = (props: AccountAccessProps): Html | false => {
  const { account } = props;
  if (account === undefined) return false;
  return html`<section aria-labelledby="people"><h2 id="people">People of <code class="value">${accountLabel(account)}</code></h2>${
    account.rows.length === 0
      ? html`<div class="empty panel"><p>Nobody you decide about may act on it, or ever could.</p></div>`
      : html`<ul class="items">${account.rows.map((row) => item(row, props))}</ul>${pager(account)}`
  }</section>`;
};

/** Who may act on an account, and could. Posts `csrf`, `person`, `api`, `account_id` and `note`. */
export const accountAccessPage = (props: AccountAccessProps): string =>
  page({
    frame: props,
    title: 'Who may act on an account',
    current: routes.access.path,
    width: 'sheet',
    main: html`<p class="crumb"><a href="${routes.access.path}">Access to accounts</a></p><h1>Who may act on an account</h1>${notice(props.notice)}${lookForm(props.managed, props.account)}${found(props)}`,
  });
