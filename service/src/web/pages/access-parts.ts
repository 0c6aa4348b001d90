/** What the pages about access to accounts have in common. */
import { routes } from '../../../../contracts/routes.ts';
import type { AccessRequest, ApprovalRow } from '../../accounts/rows.ts';
import type { AccountRef, NamedAccount } from '../../ports/accounts.ts';
import type { ShownApprovalRow, UpstreamChoice } from '../access-props.ts';
import { time } from '../format.ts';
import { breakable, type Html, html } from '../html.ts';
import { accessRequestHref, accountAccessHref } from '../links.ts';

/** How an account stands in forms and texts. */
export const accountLabel = ({ api, accountId }: AccountRef): string => `${api}:${accountId}`;

const statusWords = { PENDING: 'waits', APPROVED: 'approved', REJECTED: 'rejected', EXPIRED: 'expired' } as const;

export const statusTag = ({ status }: Pick<AccessRequest, 'status'>): Html =>
  html`<span class="tag">${statusWords[status]}</span>`;

export const accountName = (account: NamedAccount): Html =>
  html`<code class="value">${breakable(accountLabel(account))}</code>${
    account.accountName !== undefined && html` <bdi>${account.accountName}</bdi>`
  }${account.clientName !== undefined && html` <span class="quiet">of <bdi>${account.clientName}</bdi></span>`}`;

export const whoDecides = ({ team }: Pick<AccessRequest, 'team'>): Html =>
  team === undefined ? html`an administrator` : html`a manager of <bdi>${team}</bdi> or an administrator`;

export const ends = (expiresAt: string | undefined): Html =>
  expiresAt === undefined ? html`without end` : html`until ${time(expiresAt)}`;

export const requestItem = (request: AccessRequest, asker: boolean): Html =>
  html`<li class="item panel"><h3><a href="${accessRequestHref(request.requestId)}">${
    asker ? html`<bdi>${request.requester.name}</bdi> asks for ` : ''
  }${request.accounts.length === 1 ? '1 account' : `${request.accounts.length} accounts`}</a> ${statusTag(request)}</h3>
<ul class="plain-list">${request.accounts.map((account) => html`<li>${accountName(account)}</li>`)}</ul>
<p class="quiet small">Asked ${time(request.requestedAt)}${
    request.status === 'PENDING' && request.expiresAt !== undefined && html` · expires ${time(request.expiresAt)}`
  }${request.decidedBy !== undefined && html` · decided by <bdi>${request.decidedBy}</bdi>`}</p></li>`;

export const notice = (
  said: { readonly kind: 'success' | 'problem'; readonly text: string } | undefined,
): Html | false => said !== undefined && html`<div class="notice ${said.kind}" role="status"><p>${said.text}</p></div>`;

/** @param id unique on the page */
export const upstreamSelect = (id: string, choices: readonly UpstreamChoice[], chosen: string | undefined): Html =>
  html`<label for="${id}">Upstream</label><select id="${id}" name="api" required>${choices.map(
    ({ api, title }) => html`<option value="${api}"${api === chosen && html` selected`}>${api}: ${title}</option>`,
  )}</select>`;

/** Days that a form offers; 0: without end. */
const offeredDays = [30, 90, 180, 365, 0];

export const daysSelect = (chosen: number): Html => {
  const days = offeredDays.includes(chosen) ? offeredDays : [chosen, ...offeredDays];
  return html`<label for="days">Access for</label><select id="days" name="days">${days.map(
    (one) =>
      html`<option value="${one}"${one === chosen && html` selected`}>${one === 0 ? 'Without end' : `${one} days`}</option>`,
  )}</select>`;
};

/** The form that takes access away, or that gives up one's own. */
export const revokeForm = (row: ApprovalRow, csrf: string, own: boolean): Html =>
  html`<details><summary>${own ? 'Give it up' : 'Take it away'}<span class="unseen">: ${accountLabel(row)} of ${row.userId}</span></summary>
<form method="post" action="${routes.revokeAccess.path}"><input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="person" value="${row.userId}"><input type="hidden" name="api" value="${row.api}"><input type="hidden" name="account_id" value="${row.accountId}"><input type="hidden" name="back" value="${own ? 'mine' : 'account'}">
<label>Why <input name="note" required maxlength="1000"></label>
<div class="actions"><button class="button plain danger">${own ? 'Give up access' : 'Take away access'}</button></div></form></details>`;

export const approvalStatus = ({ row, active }: Pick<ShownApprovalRow, 'row' | 'active'>): string =>
  active ? 'active' : row.status === 'REVOKED' ? 'taken away' : 'expired';

/** The form that looks who may act on an account. */
export const lookForm = (
  choices: readonly UpstreamChoice[],
  asked?: { api: string; accountId: string },
): Html | false =>
  choices.length > 0 &&
  html`<section class="panel" aria-labelledby="look"><h2 id="look">Who may act on an account</h2>
<form method="get" action="${accountAccessHref()}">${upstreamSelect('look-api', choices, asked?.api)}
<label for="look-account">Account</label><input id="look-account" name="account_id" required maxlength="200" value="${asked?.accountId ?? ''}">
<div class="actions"><button class="button plain">Look</button></div></form></section>`;
