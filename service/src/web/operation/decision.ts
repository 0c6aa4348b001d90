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

const hintAndProblem = (field: string, problem: string | undefined): string =>
  problem === undefined ? `${field}-hint` : `${field}-hint ${field}-problem`;

const problemAt = (field: string, problem: string | undefined): Html | false =>
  problem !== undefined &&
  html`<p class="field-problem" id="${field}-problem"><span aria-hidden="true">✕ </span>${problem}</p>`;

/** Not required by the browser: who denies types nothing. */
const typedField = ({ operation: { plan }, draft }: OperationProps): Html | false => {
  if (plan.typed === undefined) return false;
  const { what, text } = plan.typed;
  const problem = draft?.field === 'typed' ? draft.problem : undefined;
  return html`<label for="typed">Type ${what} to agree</label><p class="hint" id="typed-hint">Exactly as it stands here: <code class="value">${text}</code></p>
${problemAt('typed', problem)}<input id="typed" name="typed" maxlength="3000" autocomplete="off" autocapitalize="off" spellcheck="false" value="${draft?.typed ?? ''}" aria-describedby="${hintAndProblem('typed', problem)}"${problem !== undefined && html` aria-invalid="true"`}>`;
};

const form = (props: OperationProps, answers: readonly Answer[]): Html => {
  const { operation, draft } = props;
  const withdraws = props.person?.personId === operation.requester.personId;
  const problem = draft?.field === undefined ? draft?.problem : undefined;
  const typed = answers.some((answer) => answer !== 'deny') && typedField(props);
  return html`<form method="post" action="${approvalHref(operation.operationId)}"><input type="hidden" name="csrf" value="${props.csrf}"><input type="hidden" name="approval_hash" value="${operation.approvalHash}">
<fieldset><legend class="unseen">Your answer</legend>
<p class="small">Your answer counts for this plan only: <code>${shortHash(operation.approvalHash)}</code></p>
${typed}<label for="comment">Comment</label><p class="hint" id="comment-hint">${withdraws ? 'Optional. It is kept in the audit log.' : 'Required to deny, so that the requester knows what to change. It is kept in the audit log.'}</p>
${problemAt('comment', problem)}
<textarea id="comment" name="comment" rows="3" maxlength="2000" aria-describedby="${hintAndProblem('comment', problem)}"${problem !== undefined && html` aria-invalid="true"`}>
${draft && keptLines(draft.comment)}</textarea>
<div class="actions">${answers.map((answer) => answerButton(answer, withdraws))}</div></fieldset></form>`;
};

/** The form for the answers this person may give, or why there is none. Posts `decision`, `comment`, `typed`, `approval_hash` and `csrf`. */
export const decisionSection = (props: OperationProps): Html | false => {
  const { decision } = props;
  if (!decision.may && !awaitsAnswer(props.operation)) return false;
  return html`<section class="decide panel" aria-labelledby="decide"><h2 id="decide">${decision.may ? 'Your answer' : 'Who decides'}</h2>${
    decision.may
      ? form(props, decision.answers)
      : html`<p>${decision.because}</p>${decision.remedy && html`<p><a class="button" href="${decision.remedy.href}">${decision.remedy.label}</a></p>`}`
  }</section>`;
};
