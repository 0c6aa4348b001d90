/** The facts of an operation beside what it changes: for whom, why, at what price, until when, and what is agreed to. */
import type { Operation } from '../../operations/operation.ts';
import { waiting } from '../../operations/operation.ts';
import { plural, time, until, usd } from '../format.ts';
import { type Html, html, lines } from '../html.ts';
import { operationHref } from '../links.ts';
import { reach } from './changes.ts';

export const isWaiting = ({ status }: Operation): boolean => waiting.some((name) => name === status);

/** A hash as people compare it: its first twelve digits in groups of four. */
export const shortHash = (hash: string): string => (hash.slice(0, 12).match(/.{1,4}/g) ?? []).join(' ');

const fact = (term: string, description: Html | string | false | undefined): Html | false =>
  description !== undefined && description !== false && html`<div><dt>${term}</dt><dd>${description}</dd></div>`;

const reversible = ({ plan }: Operation): Html =>
  plan.reversible.possible
    ? html`Yes. What was there before is kept and can be restored.`
    : html`<strong>No.</strong> <bdi>${plan.reversible.reason}</bdi>`;

const cost = ({ plan }: Operation): string =>
  `${plural(plan.cost.apiCalls, 'API call')}, ${plan.cost.usd === 0 ? 'free of charge' : usd(plan.cost.usd)}`;

const expiry = (operation: Operation, now: string): Html => {
  const left = until(operation.expiresAt, now);
  return html`${time(operation.expiresAt)}${left === undefined ? ' (past)' : `, in ${left}`}`;
};

const needs: Readonly<Record<Operation['countersign'], string>> = {
  none: 'Nobody: the tool may change this by itself',
  'same-person': 'The requester’s own confirmation',
  'second-person': 'A second person, never the requester',
};

const revertLink = (id: string): Html => html`<a href="${operationHref(id)}"><code class="value">${id}</code></a>`;

export const factsList = (operation: Operation, now: string): Html => {
  const { requester, plan } = operation;
  return html`<dl class="facts">
${fact('Requested by', html`<bdi>${requester.name}</bdi><br><span class="quiet">${requester.email}</span>`)}
${fact('Through', html`<code class="value">${requester.clientId}</code>`)}
${fact('Why', operation.reason === undefined ? html`<span class="absent">No reason given</span>` : html`<q class="reason"><bdi>${lines(operation.reason)}</bdi></q>`)}
${fact('Affects', `${plural(plan.changes.length, 'resource')} in ${reach(plan.changes)}`)}
${fact('Can be reverted', reversible(operation))}
${fact('Costs', cost(operation))}
${fact('Needs', needs[operation.countersign])}
${fact('Asked', time(operation.createdAt))}
${isWaiting(operation) && fact('Expires', expiry(operation, now))}
${fact('Tool', html`<code class="value">${operation.tool}</code>`)}
${fact('Policy', html`<code class="value">${operation.policyVersion}</code>`)}
${fact('Reverts', operation.reverts !== undefined && revertLink(operation.reverts))}
${fact('Reverted by', operation.revertedBy !== undefined && revertLink(operation.revertedBy))}
${fact('Operation', html`<code class="value">${operation.operationId}</code>`)}
${fact('Approval hash', html`<details class="hash"><summary><code>${shortHash(operation.approvalHash)}</code></summary><code class="value">${operation.approvalHash}</code><p class="quiet small">SHA-256 of the tool, its arguments, every value before and after, the policy and the requester. If any of them moves, an approval no longer counts.</p></details>`)}
</dl>`;
};
