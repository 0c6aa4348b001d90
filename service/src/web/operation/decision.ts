import type { Approval } from '../../operations/operation.ts';
import { keptLines } from '../fields.ts';
import { type Html, html } from '../html.ts';
import { approvalHref } from '../links.ts';
import type { OperationProps } from '../props.ts';
import { shortHash } from './facts.ts';
import { awaitsAnswer } from './status.ts';

type Answer = Approval['decision'];

const answerButton = (answer: Answer, withdraws: boolean): Html =>
  answer === 'deny'
    ? html`<button class="button plain danger" name="decision" value="deny">${withdraws ? 'Withdraw' : 'Deny'}</button>`
    : html`<button class="button" name="decision" value="${answer}">${answer === 'approve' ? 'Approve and apply' : 'Confirm and apply'}</button>`;

const form = (props: OperationProps, answers: readonly Answer[]): Html => {
  const { operation, draft } = props;
  const withdraws = props.person?.personId === operation.requester.personId;
  const problem = draft?.problem;
  const described = problem !== undefined ? 'comment-hint comment-problem' : 'comment-hint';
  return html`<form method="post" action="${approvalHref(operation.operationId)}"><input type="hidden" name="csrf" value="${props.csrf}"><input type="hidden" name="approval_hash" value="${operation.approvalHash}">
<fieldset><legend class="unseen">Your answer</legend>
<p class="small">Your answer counts for this plan only: <code>${shortHash(operation.approvalHash)}</code></p>
<label for="comment">Comment</label><p class="hint" id="comment-hint">${withdraws ? 'Optional. It is kept in the audit log.' : 'Required to deny, so that the requester knows what to change. It is kept in the audit log.'}</p>
${problem !== undefined && html`<p class="field-problem" id="comment-problem"><span aria-hidden="true">✕ </span>${problem}</p>`}
<textarea id="comment" name="comment" rows="3" maxlength="2000" aria-describedby="${described}"${problem !== undefined && html` aria-invalid="true"`}>
${draft && keptLines(draft.comment)}</textarea>
<div class="actions">${answers.map((answer) => answerButton(answer, withdraws))}</div></fieldset></form>`;
};

/** The form for the answers this person may give, or why there is none. Posts `decision`, `comment`, `approval_hash` and `csrf`. */
export const decisionSection = (props: OperationProps): Html | false => {
  const { decision } = props;
  if (!decision.may && !awaitsAnswer(props.operation)) return false;
  return html`<section class="decide panel" aria-labelledby="decide"><h2 id="decide">${decision.may ? 'Your answer' : 'Who decides'}</h2>${
    decision.may
      ? form(props, decision.answers)
      : html`<p>${decision.because}</p>${decision.remedy && html`<p><a class="button" href="${decision.remedy.href}">${decision.remedy.label}</a></p>`}`
  }</section>`;
};
