/** A list of operations, one a card, the same on each page that lists them. */
import type { Operation } from '../../operations/operation.ts';
import { plural, time, until } from '../format.ts';
import { type Html, html } from '../html.ts';
import { operationHref } from '../links.ts';
import type { OperationsProps } from '../props.ts';
import { extent } from './facts.ts';
import { badge, isWaiting } from './status.ts';

const clip = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text);

const item = (operation: Operation, { now, person }: OperationsProps, href: (id: string) => string): Html => {
  const { plan, requester } = operation;
  const own = person?.personId === requester.personId;
  const left = until(operation.expiresAt, now);
  return html`<li class="item panel"><h2><a href="${href(operation.operationId)}">${clip(plan.summary)}</a></h2>
<p class="state">${badge(operation.status)}${isWaiting(operation) && html` <span class="quiet">${left === undefined ? 'Its time is over' : `${left} left`}</span>`}${plan.warnings.length > 0 && html` <span class="tag caution">${plural(plan.warnings.length, 'warning')}</span>`}</p>
<p class="quiet small">${own ? 'You' : html`<bdi>${requester.name}</bdi>`} · ${extent(operation)} · ${time(operation.createdAt)}</p>
${operation.reason !== undefined && html`<p class="reason"><bdi>“${clip(operation.reason)}”</bdi></p>`}</li>`;
};

/** The cards, and the link to the next page. */
export const operationList = (
  props: OperationsProps,
  path: string,
  href: (operationId: string) => string = operationHref,
): Html =>
  html`<ul class="items">${props.operations.map((operation) => item(operation, props, href))}</ul>
${props.nextCursor !== undefined && html`<nav class="pager" aria-label="More operations"><a href="${path}?cursor=${encodeURIComponent(props.nextCursor)}" rel="next">Older operations →</a></nav>`}`;
