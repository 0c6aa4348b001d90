import { routes } from '../../../../contracts/routes.ts';
import type { AccountAccessProps, ShownApprovalRow } from '../access-props.ts';
import { time } from '../format.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { accessRequestHref } from '../links.ts';
import { accountLabel, approvalStatus, ends, lookForm, notice, revokeForm } from './access-parts.ts';

const earlier = ({ history }: ShownApprovalRow['row']): number => (Array.isArray(history) ? history.length : 0);

const item = (shown: ShownApprovalRow, { csrf }: AccountAccessProps): Html => {
  const { row, active } = shown;
  const status = approvalStatus(shown);
  const before = earlier(row);
  return html`<li class="item panel"><h3><bdi>${row.userId}</bdi> <span class="tag">${status}</span></h3>
<p class="quiet small">${row.accountName !== undefined && html`<bdi>${row.accountName}</bdi> · `}approved by <bdi>${row.approvedBy}</bdi> ${time(row.approvedAt)} · ${ends(row.expiresAt)}${
    row.endedBy !== undefined && html` · ended by <bdi>${row.endedBy}</bdi>`
  }${row.requestId !== undefined && html` · <a href="${accessRequestHref(row.requestId)}">its request</a>`}${before > 0 && html` · ${before} approved before`}</p>${active && revokeForm(row, csrf, false)}</li>`;
};

const found = (props: AccountAccessProps): Html | false => {
  const { account } = props;
  if (account === undefined) return false;
  return html`<section aria-labelledby="people"><h2 id="people">People of <code class="value">${accountLabel(account)}</code></h2>${
    account.rows.length === 0
      ? html`<div class="empty panel"><p>Nobody you decide about may act on it, or ever could.</p></div>`
      : html`<ul class="items">${account.rows.map((row) => item(row, props))}</ul>`
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
