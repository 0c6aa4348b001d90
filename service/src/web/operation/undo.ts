import { type Html, html } from '../html.ts';
import { planRevertHref } from '../links.ts';
import type { OperationProps } from '../props.ts';

const form = ({ operation, csrf }: OperationProps): Html =>
  html`<form method="post" id="undo-form" action="${planRevertHref(operation.operationId)}"><input type="hidden" name="csrf" value="${csrf}">
<label for="reason">Why</label><p class="hint" id="reason-hint">Optional. Whoever countersigns reads it.</p>
<textarea id="reason" name="reason" rows="2" maxlength="500" aria-describedby="reason-hint"></textarea>
${operation.plan.changes.length > 1 && html`<p class="hint">All of it is taken back, or what you tick under <a href="#changes">The changes</a>, on the page of them that is shown.</p>`}
<div class="actions"><button class="button plain">Plan the way back</button></div></form>`;

/** Plans taking back what was applied; nothing changes by it. Posts `reason` and `csrf`. */
export const undoSection = (props: OperationProps): Html | false => {
  const { undo } = props;
  return (
    undo !== undefined &&
    html`<section class="panel" aria-labelledby="undo"><h2 id="undo">Undo this</h2><p>The way back is a change of its own: it is planned now, changes nothing until it is countersigned too, and is refused if somebody moved the values since.</p>${
      undo.may
        ? form(props)
        : html`<p>${undo.because}</p>${undo.remedy && html`<p><a class="button plain" href="${undo.remedy.href}">${undo.remedy.label}</a></p>`}`
    }</section>`
  );
};
