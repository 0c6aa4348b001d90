import { routes } from '../../../../contracts/routes.ts';
import type { AccessRequestProps } from '../access-props.ts';
import { time } from '../format.ts';
import { type Html, html, lines } from '../html.ts';
import { page } from '../layout.ts';
import { accessRequestHref } from '../links.ts';
import { accountLabel, accountName, daysSelect, ends, notice, statusTag, whoDecides } from './access-parts.ts';

const facts = ({ request }: AccessRequestProps): Html => {
  const { requester, requestedAt, status, expiresAt, decidedBy, decidedAt, note } = request;
  const row = (name: string, value: Html | string | undefined | false): Html | false =>
    value !== undefined && value !== false && html`<dt>${name}</dt><dd>${value}</dd>`;
  return html`<dl class="facts">${row('Asked by', html`<bdi>${requester.name}</bdi> <span class="quiet">${requester.email || requester.personId}</span>`)}${row('Asked', time(requestedAt))}${row(
    status === 'APPROVED' ? 'Access' : 'Can be decided',
    status !== 'REJECTED' && ends(expiresAt),
  )}${row('Decided by', decidedBy !== undefined && html`<bdi>${decidedBy}</bdi>`)}${row('Decided', decidedAt !== undefined && time(decidedAt))}${row('Note', note !== undefined && lines(note))}</dl>`;
};

const accounts = ({ request: { accounts: asked, approved, status } }: AccessRequestProps): Html => {
  const given = new Set(approved.map(accountLabel));
  return html`<ul class="plain-list">${asked.map(
    (account) =>
      html`<li>${accountName(account)}${status === 'APPROVED' && html` <span class="tag">${given.has(accountLabel(account)) ? 'approved' : 'not approved'}</span>`}</li>`,
  )}</ul>`;
};

const choices = ({ request: { accounts: asked } }: AccessRequestProps): Html =>
  html`<fieldset><legend>Accounts to approve</legend>${asked.map(
    (account, place) =>
      html`<p class="tick"><label for="account-${place}"><input type="checkbox" id="account-${place}" name="accounts" value="${accountLabel(account)}" checked> ${accountName(account)}</label></p>`,
  )}</fieldset>`;

const form = (props: AccessRequestProps): Html =>
  html`<form method="post" action="${accessRequestHref(props.request.requestId)}"><input type="hidden" name="csrf" value="${props.csrf}">${choices(props)}
${daysSelect(props.request.requestedDays ?? 365)}
<label for="note">Note</label><p class="hint">Required to reject, so that whoever asked knows why. It is kept in the audit log.</p><textarea id="note" name="note" rows="3" maxlength="1000">
</textarea>
<div class="actions"><button class="button" name="decision" value="approve">Approve access</button><button class="button plain danger" name="decision" value="reject">Reject</button></div></form>`;

/** One request for access. Posts `csrf`, `decision`, `accounts`, `days` and `note`. */
export const accessRequestPage = (props: AccessRequestProps): string => {
  const { request, decision } = props;
  return page({
    frame: props,
    title: 'Request for access',
    current: routes.access.path,
    width: 'sheet',
    main: html`<p class="crumb"><a href="${routes.access.path}">Access to accounts</a></p><h1>Request for access ${statusTag(request)}</h1>${notice(props.notice)}
<section class="panel"><h2>What is asked for</h2>${accounts(props)}<h3>Reason</h3><blockquote>${lines(request.reason)}</blockquote>${facts(props)}</section>
<section class="decide panel" aria-labelledby="decide"><h2 id="decide">${decision.may ? 'Your decision' : 'Who decides'}</h2>${
      decision.may
        ? form(props)
        : html`<p>${decision.because}</p>${request.status === 'PENDING' && html`<p class="quiet small">It is decided by ${whoDecides(request)}.</p>`}${
            decision.remedy &&
            html`<p><a class="button" href="${decision.remedy.href}">${decision.remedy.label}</a></p>`
          }`
    }</section>`,
  });
};
