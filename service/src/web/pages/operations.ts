import { routes } from '../../../../contracts/routes.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { operationList } from '../operation/list.ts';
import type { OperationListProps, OperationsProps } from '../props.ts';

const empty = ({ operations, empty }: OperationListProps): Html | false =>
  operations.length === 0 && html`<p class="quiet">${empty}</p>`;

const choices = ({ choices = [] }: OperationsProps): Html | false =>
  choices.length > 0 &&
  html`<nav aria-label="Status"><ul class="chips">${choices.map(
    ({ href, label, current }) =>
      html`<li><a class="choose" href="${href}"${current && html` aria-current="true"`}>${label}</a></li>`,
  )}</ul></nav>`;

const alone = (list: OperationListProps, props: OperationsProps): Html =>
  html`<p class="crumb"><a href="${routes.operations.path}">← Operations</a></p><h1>${list.heading}</h1>${choices(props)}${empty(list)}${operationList(list, props)}`;

const part = (list: OperationListProps, index: number, props: OperationsProps): Html =>
  html`<section aria-labelledby="list-${index}"><h2 id="list-${index}">${list.heading}</h2>${empty(list)}${operationList(list, { ...props, level: 3 })}</section>`;

/** Operations: one list, or an overview of several. */
export const operationsPage = (props: OperationsProps): string => {
  const [only, ...others] = props.lists;
  const single = others.length === 0 ? only : undefined;
  return page({
    frame: props,
    title: single?.heading ?? 'Operations',
    current: routes.operations.path,
    width: 'sheet',
    main: single
      ? alone(single, props)
      : html`<h1>Operations</h1>${props.lists.map((list, index) => part(list, index, props))}`,
  });
};
