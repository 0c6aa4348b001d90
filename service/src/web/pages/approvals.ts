import { routes } from '../../../../contracts/routes.ts';
import { plural } from '../../measures/words.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { approvalHref } from '../links.ts';
import { operationList } from '../operation/list.ts';
import type { ApprovalsProps } from '../props.ts';

// Only a list that is shown whole can be counted.
const lead = ({ operations, more, later }: ApprovalsProps): Html => {
  const whole = more === undefined && !later;
  const waiting = whole
    ? `${plural(operations.length, 'change waits', 'changes wait')} for an answer.`
    : `These changes wait for an answer${later ? ', older than those before' : ', newest first'}.`;
  return html`<p class="lead">${waiting} Nothing below has happened yet.</p>`;
};

/** Every operation somebody is waited for. */
export const approvalsPage = (props: ApprovalsProps): string =>
  page({
    frame: props,
    title: props.heading,
    current: routes.approvals.path,
    width: 'sheet',
    main: html`<h1>${props.heading}</h1>
${
  props.operations.length === 0 && props.more === undefined
    ? html`<div class="empty panel"><p><strong>${props.empty}</strong></p><p class="quiet">When an agent asks for a change, it appears here before anything happens.</p></div>`
    : html`${lead(props)}${operationList(props, { ...props, href: approvalHref })}`
}`,
  });
