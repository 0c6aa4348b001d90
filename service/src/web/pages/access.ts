import { routes } from '../../../../contracts/routes.ts';
import type { AccessProps } from '../access-props.ts';
import { time } from '../format.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import {
  accountName,
  daysSelect,
  ends,
  lookForm,
  notice,
  requestItem,
  revokeForm,
  upstreamSelect,
} from './access-parts.ts';

const toDecide = ({ toDecide: waiting, managed }: AccessProps): Html | false =>
  managed.length > 0 &&
  html`<section aria-labelledby="to-decide"><h2 id="to-decide">Waiting for your decision</h2>${
    waiting.length === 0
      ? html`<div class="empty panel"><p>Nobody you decide about waits for access.</p></div>`
      : html`<ul class="items">${waiting.map((request) => requestItem(request, true))}</ul>`
  }</section>`;

const mine = ({ held, csrf }: AccessProps): Html =>
  html`<section aria-labelledby="mine"><h2 id="mine">Accounts you may act on</h2>${
    held.length === 0
      ? html`<div class="empty panel"><p>No account was approved for you.</p></div>`
      : html`<ul class="items">${held.map(
          (row) =>
            html`<li class="item panel"><h3>${accountName(row)}</h3><p class="quiet small">Approved by <bdi>${row.approvedBy}</bdi> ${time(row.approvedAt)} · ${ends(row.expiresAt)}</p>${revokeForm(row, csrf, true)}</li>`,
        )}</ul>`
  }</section>`;

const field = (name: string, label: string, most: number, { draft }: AccessProps, more: Html | string = ''): Html =>
  html`<label for="${name}">${label}</label>${more}<input id="${name}" name="${name}" maxlength="${most}" value="${draft?.[name] ?? ''}">`;

const ask = (props: AccessProps): Html | false => {
  const { askable, csrf, draft } = props;
  const examples = askable.map(({ api, example }) => `${api}: ${example}`).join(' · ');
  return (
    askable.length > 0 &&
    html`<section class="panel" aria-labelledby="ask"><h2 id="ask">Ask for access</h2>
<form method="post" action="${routes.requestAccess.path}"><input type="hidden" name="csrf" value="${csrf}">${upstreamSelect('api', askable, draft?.api)}
${field('account_id', 'Account', 200, props, html`<p class="hint">Such as ${examples}</p>`)}
${field('account_name', 'What people call it (optional)', 200, props)}
${field('client_name', 'Whose it is (optional)', 200, props)}
<label for="reason">Reason</label><p class="hint">Whoever decides reads it. At least 10 characters.</p><textarea id="reason" name="reason" rows="3" required minlength="10" maxlength="1000">
${draft?.reason ?? ''}</textarea>
${daysSelect(Number(draft?.days ?? 90))}
<div class="actions"><button class="button">Ask for access</button></div></form></section>`
  );
};

const requests = ({ requests: own, older, newest }: AccessProps): Html | false =>
  (own.length > 0 || newest !== undefined) &&
  html`<section aria-labelledby="requests"><h2 id="requests">Your requests</h2><ul class="items">${own.map((request) => requestItem(request, false))}</ul>${
    (older !== undefined || newest !== undefined) &&
    html`<nav class="pager" aria-label="Your requests">${newest !== undefined && html`<a href="${newest}" rel="prev">← Newest requests</a>`}${older !== undefined && html`<a href="${older}" rel="next">Older requests →</a>`}</nav>`
  }</section>`;

const nothing = html`<div class="empty panel"><p><strong>Nothing here needs an approval.</strong></p><p class="quiet">Where a tool pack asks for the approval of accounts, people ask for it on this page and managers decide it here.</p></div>`;

/** Access to accounts: one's own, what one asked for, and what one decides. Posts `csrf` and the fields of a request. */
export const accessPage = (props: AccessProps): string => {
  const any = props.askable.length + props.managed.length + props.held.length + props.requests.length > 0;
  return page({
    frame: props,
    title: 'Access to accounts',
    current: routes.access.path,
    width: 'sheet',
    main: html`<h1>Access to accounts</h1>${notice(props.notice)}${
      any ? html`${toDecide(props)}${mine(props)}${requests(props)}${lookForm(props.managed)}${ask(props)}` : nothing
    }`,
  });
};
