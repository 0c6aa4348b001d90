import { routes } from '../../../../contracts/routes.ts';
import { plural } from '../format.ts';
import { html } from '../html.ts';
import { page } from '../layout.ts';
import { approvalHref } from '../links.ts';
import { operationList } from '../operation/list.ts';
import type { OperationsProps } from '../props.ts';

/** Every operation somebody is waited for. */
export const approvalsPage = (props: OperationsProps): string =>
  page({
    frame: props,
    title: props.heading,
    current: 'Approvals',
    width: 'sheet',
    main: html`<h1>${props.heading}</h1>
${
  props.operations.length === 0
    ? html`<div class="empty panel"><p><strong>Nothing waits for you or anybody else.</strong></p><p class="quiet">When an agent asks for a change, it appears here before anything happens.</p></div>`
    : html`<p class="lead">${plural(props.operations.length, 'change waits', 'changes wait')} for an answer. Nothing below has happened yet.</p>${operationList(props, routes.approvals.path, approvalHref)}`
}`,
  });
