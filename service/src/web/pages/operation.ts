import { routes } from '../../../../contracts/routes.ts';
import { plural } from '../../measures/words.ts';
import type { Operation } from '../../operations/operation.ts';
import { time, until } from '../format.ts';
import { breakable, type Html, html, lines } from '../html.ts';
import { page } from '../layout.ts';
import { operationHref } from '../links.ts';
import { changesSection } from '../operation/changes.ts';
import { decisionSection } from '../operation/decision.ts';
import { factsSection } from '../operation/facts.ts';
import { historySection } from '../operation/history.ts';
import { impactSection } from '../operation/impact.ts';
import { moneySection } from '../operation/money.ts';
import { awaitsAnswer, badge } from '../operation/status.ts';
import { undoSection } from '../operation/undo.ts';
import type { OperationProps } from '../props.ts';

// WCAG 3.3.1: what to mend stands first, and leads to the field.
const errorSummary = ({ problem, field }: NonNullable<OperationProps['draft']>): Html | false =>
  problem !== undefined &&
  html`<div class="notice problem" role="alert" aria-labelledby="problems"><h2 id="problems">Your answer was not taken</h2><ul><li><a href="#${field ?? 'comment'}">${problem}</a></li></ul></div>`;

const notice = ({ kind, text }: NonNullable<OperationProps['notice']>): Html =>
  html`<div class="notice ${kind}" role="${kind === 'problem' ? 'alert' : 'status'}"><p>${lines(text)}</p></div>`;

const warnings = (operation: Operation): Html | false => {
  const texts = operation.plan.warnings;
  const open = awaitsAnswer(operation);
  return (
    texts.length > 0 &&
    html`<section class="notice${open && html` caution`}" aria-labelledby="warnings"><h2 id="warnings"><span aria-hidden="true">! </span>${plural(texts.length, 'warning')}${!open && ' when it was planned'}</h2><ul>${texts.map((text) => html`<li><bdi>${text}</bdi></li>`)}</ul></section>`
  );
};

const resultLine = ({ result }: Operation): Html | false =>
  result !== undefined &&
  html`<p class="result"><strong>${plural(result.applied, 'resource')} changed</strong>, ${result.failed} failed, ${result.skipped} skipped · ${time(result.appliedAt)}</p>`;

/** Loading again by itself can be stopped (WCAG 2.2.2), and works without a script. */
const underWay = ({ operation, follow, awaitsRequester }: OperationProps): Html | false => {
  const { status, operationId, plan, requester, expiresAt } = operation;
  if (awaitsRequester)
    return html`<p class="note">It was agreed to and waits for <bdi>${requester.name}</bdi> until ${time(expiresAt)}: it acts with a credential of theirs, which only a request of theirs brings. Their agent carries it out with <code>confirm_operation</code>.</p>`;
  if (status !== 'approved' && status !== 'applying' && status !== 'planned') return false;
  const href = operationHref(operationId);
  const what =
    status === 'planned'
      ? 'It is being planned again.'
      : `${plural(plan.changes.length, 'resource is', 'resources are')} being changed.`;
  return follow === undefined
    ? html`<p class="note">${what} <a href="${href}">Look again</a></p>`
    : html`<p class="note">${what} This page looks again every ${plural(follow, 'second')}. <a href="${href}?follow=0">Stop that</a></p>`;
};

const waitsFor = (operation: Operation, now: string): Html | false => {
  const left = until(operation.expiresAt, now);
  return (
    awaitsAnswer(operation) &&
    html`<span class="quiet">${left === undefined ? 'Its time is over' : `${left} left`}</span>`
  );
};

/** One operation: what it changes and why, what happened to it, and the form to answer it where this person may. */
export const operationPage = (props: OperationProps): string => {
  const { operation, now } = props;
  const open = awaitsAnswer(operation);
  const side = decisionSection(props) || undoSection(props);
  return page({
    frame: props,
    title: operation.plan.summary,
    current: (open ? routes.approvals : routes.operations).path,
    width: 'sheet',
    refresh: props.follow,
    main: html`<p class="crumb"><a href="${open ? routes.approvals.path : routes.operations.path}">← ${open ? 'Approvals' : 'Operations'}</a></p>
<h1>${breakable(operation.plan.summary)}</h1>
${props.draft && errorSummary(props.draft)}${props.notice && notice(props.notice)}
<p class="state">${badge(operation.status)} ${waitsFor(operation, now)} ${open && html`<a class="jump" href="#decide">${props.decision.may ? 'Go to the decision' : 'Who decides'} ↓</a>`}</p>
${operation.note !== undefined && html`<p class="note"><bdi>${lines(operation.note)}</bdi></p>`}
${underWay(props)}${resultLine(operation)}
${warnings(operation)}
<div class="split"><div class="body">${factsSection(props)}${impactSection(operation.plan.impact, open)}${moneySection(operation.plan, open)}${changesSection(operation, props.changes, props.accountNames, props.undo?.may)}${historySection(props)}</div>${side && html`<div class="side">${side}</div>`}</div>`,
  });
};
