/** The facts of an operation beside what it changes: for whom, why, at what price, until when, and what is agreed to. */

import { costWords } from '../../measures/cost.ts';
import { plural } from '../../measures/words.ts';
import type { Operation } from '../../operations/operation.ts';
import { time, until } from '../format.ts';
import { type Html, html } from '../html.ts';
import { operationHref } from '../links.ts';
import type { ClientProps, OperationProps } from '../props.ts';
import { prose } from '../value.ts';
import { reach } from './difference.ts';
import { awaitsAnswer } from './status.ts';

/** How much a plan touches: `17 resources in 3 accounts, 2 regions`. */
export const extent = ({ plan }: Operation): string => {
  const { accounts, regions } = reach(plan.changes);
  const places = [
    ...(accounts > 0 ? [plural(accounts, 'account')] : []),
    ...(regions > 0 ? [plural(regions, 'region')] : []),
  ].join(', ');
  return `${plural(plan.changes.length, 'resource')}${places === '' ? '' : ` in ${places}`}`;
};

/** A hash as people compare it: its first twelve digits in groups of four, without the version and key before them. */
export const shortHash = (hash: string): string =>
  (
    hash
      .slice(hash.lastIndexOf(':') + 1)
      .slice(0, 12)
      .match(/.{1,4}/g) ?? []
  ).join(' ');

const fact = (term: string, description: Html | string | false | undefined): Html | false =>
  description !== undefined && description !== false && html`<div><dt>${term}</dt><dd>${description}</dd></div>`;

/** Whether there is something to take back, and if not, why. */
const reversible = ({ plan, status, revertedBy, reverts }: Operation): Html => {
  if (!plan.reversible.possible) return html`<strong>No.</strong> <bdi>${plan.reversible.reason}</bdi>`;
  if (status === 'reverted')
    return revertedBy === undefined ? html`It was reverted.` : html`It was reverted by ${operationLink(revertedBy)}.`;
  if (over.has(status)) return html`There is nothing to revert: nothing was changed.`;
  return html`Yes. What ${reverts === undefined ? 'was there before' : 'it takes back'} is kept and can be restored.`;
};

/** Statuses in which an operation ended without a change. */
const over: ReadonlySet<Operation['status']> = new Set(['denied', 'withdrawn', 'expired', 'failed']);

const expiry = (operation: Operation, now: string): Html => {
  const left = until(operation.expiresAt, now);
  return html`${time(operation.expiresAt)}${left === undefined ? ' (past)' : `, in ${left}`}`;
};

const needs: Readonly<Record<Operation['countersign'], string>> = {
  none: 'Nobody else',
  'same-person': 'The requester, once more',
  'second-person': 'A second person, never the requester',
};

// The host was checked; the name is the client's own.
const clientWords = ({ name, host }: ClientProps): Html =>
  html`${host === 'this computer' ? 'An app on the requester’s computer' : host}<br><span class="quiet small">calls itself “<bdi>${name}</bdi>”</span>`;

const operationLink = (id: string): Html => html`<a href="${operationHref(id)}"><code class="value">${id}</code></a>`;

/** For whom, why and at what price; what identifies the request is folded. */
export const factsSection = ({ operation, clients, now }: OperationProps): Html => {
  const { requester } = operation;
  const client = clients?.get(requester.clientId);
  const clientId = html`<code class="value">${requester.clientId}</code>`;
  return html`<section class="about panel" aria-labelledby="about"><h2 id="about">The request</h2><dl class="facts across">
${fact('Requested by', html`<bdi>${requester.name}</bdi><br><span class="quiet small">${requester.email}</span>`)}
${fact('Through', client ? clientWords(client) : clientId)}
${fact('Affects', extent(operation))}
${fact('Can be reverted', reversible(operation))}
${fact('Costs', costWords(operation.plan.cost))}
${awaitsAnswer(operation) ? fact('Expires', expiry(operation, now)) : fact('Asked', time(operation.createdAt))}
${fact('Reverts', operation.reverts !== undefined && operationLink(operation.reverts))}
</dl>
<dl class="facts">${fact('Why, in the requester’s words', operation.reason === undefined ? html`<span class="absent">No reason was given.</span>` : html`<div class="reason">${prose(operation.reason)}</div>`)}</dl>
<details><summary>What identifies it</summary><dl class="facts across">
${fact('Operation', html`<code class="value">${operation.operationId}</code>`)}
${fact('Tool', html`<code class="value">${operation.tool}</code>`)}
${fact('Policy version', html`<code class="value">${operation.policyVersion}</code>`)}
${fact('Client', client && clientId)}
${fact('Must agree', needs[operation.countersign])}
${awaitsAnswer(operation) && fact('Asked', time(operation.createdAt))}
</dl><dl class="facts">${fact('Approval hash', html`<code class="value">${operation.approvalHash}</code><br><span class="quiet small">Keyed hash of everything on this page that was asked for, who asked, who must agree, and until when. If any of it changes, an approval no longer counts.</span>`)}</dl></details></section>`;
};
