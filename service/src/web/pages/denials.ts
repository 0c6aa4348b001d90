import { routes } from '../../../../contracts/routes.ts';
import { plural } from '../../measures/words.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { operationHref } from '../links.ts';
import { badge } from '../operation/status.ts';
import type { DenialProps, DenialsProps } from '../props.ts';

const words = (
  answer: DenialsProps['answer'],
): Readonly<Record<DenialProps['came'], { readonly label: string; readonly tone: string }>> => ({
  done: { label: answer === 'approve' ? '✓ Approved' : '✓ Denied', tone: 'good' },
  moved: { label: '! Changed meanwhile', tone: 'caution' },
  refused: { label: answer === 'approve' ? '✕ Not approved' : '✕ Not denied', tone: 'bad' },
});

const item = ({ operation, operationId, came, text }: DenialProps, answer: DenialsProps['answer']): Html => {
  const { tone, label: usual } = words(answer)[came];
  const label = came === 'done' && operation?.status === 'withdrawn' ? '✓ Withdrawn' : usual;
  return html`<li class="item panel"><h2>${
    operation
      ? html`<a href="${operationHref(operation.operationId)}">${operation.plan.summary}</a>`
      : html`<code class="value">${operationId}</code>`
  }</h2>
<p class="state"><span class="badge ${tone}">${label}</span>${operation && came !== 'done' && html` ${badge(operation.status)}`}</p>
<p>${text}</p></li>`;
};

/** What came of answering several, one by one, those that could not be answered so first. */
export const denialsPage = (props: DenialsProps): string => {
  const { results, answer } = props;
  const done = results.filter(({ came }) => came === 'done');
  const others = results.filter(({ came }) => came !== 'done');
  return page({
    frame: props,
    title: 'What came of it',
    current: routes.approvals.path,
    width: 'sheet',
    main: html`<p class="crumb"><a href="${routes.approvals.path}">← Approvals</a></p><h1>What came of it</h1>
<div class="notice ${others.length === 0 ? 'success' : 'caution'}" role="status"><p>${done.length} of ${plural(results.length, 'change')} ${answer === 'approve' ? 'approved' : 'denied or withdrawn'}.${others.length > 0 && ` ${others.length} not: read why below.`}</p></div>
<ul class="items">${[...others, ...done].map((each) => item(each, answer))}</ul>`,
  });
};
