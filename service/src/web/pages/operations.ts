import { routes } from '../../../../contracts/routes.ts';
import { html } from '../html.ts';
import { page } from '../layout.ts';
import { operationList } from '../operation/list.ts';
import type { OperationsProps } from '../props.ts';

/** Operations of one person, newest first. */
export const operationsPage = (props: OperationsProps): string =>
  page({
    frame: props,
    title: props.heading,
    current: 'Operations',
    width: 'sheet',
    main: html`<h1>${props.heading}</h1>
${
  props.operations.length === 0
    ? html`<div class="empty panel"><p><strong>You have not asked for a change yet.</strong></p><p class="quiet">Ask an agent that is connected to this service, for example: “Preview adding the Owner tag to the untagged buckets.”</p></div>`
    : operationList(props, routes.operations.path)
}`,
  });
