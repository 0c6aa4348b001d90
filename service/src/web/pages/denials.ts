import { routes } from '../../../../contracts/routes.ts';
import { plural } from '../../measures/words.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { operationHref } from '../links.ts';
import { badge } from '../operation/status.ts';
import type { DenialProps, DenialsProps } from '../props.ts';

const words: Readonly<Record<DenialProps['came'], { readonly label: string; readonly tone: string }>> = {
  done: { label: '✓ Denied', tone: 'good' },
  moved: { label: '! Changed meanwhile', tone: 'caution' },
  refused: { label: '✕ Not denied', tone: 'bad' },
};

const item = ({ operation, operationId, came, text }: DenialProps): Html => {
  const { tone } = words[came];
  const label = came === 'done' && operation?.status === 'withdrawn' ? '✓ Withdrawn' : words[came].label;
  return html`<li class="item panel"><h2>${
    operation
      ? html`<a href="${operationHref(operation.operationId)}">${operation.plan.summary}</a>`
      : html`<code class="value">${operationId}</code>`
  }</h2>
<p class="state"><span class="badge ${tone}">${label}</span>${operation && came !== 'done' && html` ${badge(operation.status)}`}</p>
<p>${text}</p></li>`;
};

/** What came of denying several, one by one, those that were not denied first. */
export const denialsPage = (props: DenialsProps): string => {
  const { results } = props;
  const done = results.filter(({ came }) => came === 'done');
  const others = results.filter(({ came }) => came !== 'done');
  return page({
    frame: props,
    title: 'What came of it',
    current: routes.approvals.path,
    width: 'sheet',
    main: html`<p class="crumb"><a href="${routes.approvals.path}">← Approvals</a></p><h1>What came of it</h1>
<div class="notice ${others.length === 0 ? 'success' : 'caution'}" role="status"><p>${done.length} of ${plural(results.length, 'change')} denied or withdrawn.${others.length > 0 && ` ${others.length} not: read why below.`}</p></div>
<ul class="items">${[...others, ...done].map(item)}</ul>`,
  });
};
