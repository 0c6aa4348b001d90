/** A list of operations, one a card, the same on each page that lists them. */

import { plural } from '../../measures/words.ts';
import type { Operation } from '../../operations/operation.ts';
import { time, until } from '../format.ts';
import { type Html, html, lines } from '../html.ts';
import { operationHref } from '../links.ts';
import type { Frame, OperationListProps } from '../props.ts';
import { extent } from './facts.ts';
import { awaitsAnswer, badge } from './status.ts';

interface Around extends Pick<Frame, 'person'> {
  /** ISO time the page is made at. */
  readonly now: string;
  /** Level of the cards' headings. Default 2. */
  readonly level?: 2 | 3;
  /** Where a card leads. Default the operation's page. */
  readonly href?: (operationId: string) => string;
  /** What stands at the end of a card. */
  readonly after?: (operation: Operation) => Html | false;
}

/** By characters, because half of an emoji is none. */
const clip = (text: string): string => {
  const points = [...text];
  return points.length > 200 ? `${points.slice(0, 199).join('')}…` : text;
};

const heading = (operation: Operation, { level = 2, href = operationHref }: Around): Html => {
  const link = html`<a href="${href(operation.operationId)}">${clip(operation.plan.summary)}</a>`;
  return level === 2 ? html`<h2>${link}</h2>` : html`<h3>${link}</h3>`;
};

const item = (operation: Operation, around: Around): Html => {
  const { plan, requester } = operation;
  const own = around.person?.personId === requester.personId;
  const left = until(operation.expiresAt, around.now);
  return html`<li class="item panel">${heading(operation, around)}
<p class="state">${badge(operation.status)}${awaitsAnswer(operation) && html` <span class="quiet">${left === undefined ? 'Its time is over' : `${left} left`}</span>`}${plan.warnings.length > 0 && html` <span class="tag caution">${plural(plan.warnings.length, 'warning')}</span>`}</p>
<p class="quiet small">${own ? 'You' : html`<bdi>${requester.name}</bdi>`} · ${extent(operation)} · ${time(operation.createdAt)}</p>
${operation.reason !== undefined && html`<p class="reason"><bdi>“${lines(clip(operation.reason))}”</bdi></p>`}${around.after?.(operation)}</li>`;
};

/** The cards of operations. */
export const operationCards = (operations: readonly Operation[], around: Around): Html | false =>
  operations.length > 0 && html`<ul class="items">${operations.map((operation) => item(operation, around))}</ul>`;

/** The cards, and the link to where the list goes on. */
export const operationList = ({ heading, operations, more }: OperationListProps, around: Around): Html =>
  html`${operationCards(operations, around)}
${more && html`<nav class="pager" aria-label="More of: ${heading}"><a href="${more.href}" rel="next">${more.label} →</a></nav>`}`;
