/** What an operation changes: first counted over all resources, then resource by resource, before and after. */

import { count, plural } from '../../measures/words.ts';
import type { Operation } from '../../operations/operation.ts';
import type { ChangeOutcome, ResourceChange } from '../../operations/plan.ts';
import { type Html, html } from '../html.ts';
import { operationHref } from '../links.ts';
import { dataValue } from '../value.ts';
import { type KeySummary, type Kind, keyChanges, summarize } from './difference.ts';
import { awaitsAnswer } from './status.ts';

/** Resources of one page, those of them that are open at first, and those of one fold. */
const pageSize = 200;
const openSize = 6;
const foldSize = 50;
/** Lines of the summary shown at first. */
const summaryLines = 12;

const words: Readonly<Record<Kind, string>> = { added: 'Added', changed: 'Changed', removed: 'Removed', same: 'Same' };
const kinds = Object.keys(words) as Kind[];

const kindTag = (kind: Kind): Html => html`<span class="tag ${kind}">${words[kind]}</span>`;

const summaryRow = ({ key, after, counts }: KeySummary): Html =>
  html`<tr><th scope="row">${dataValue(key)}</th><td>${dataValue(after)}</td><td>${kinds
    .filter((kind) => counts[kind] > 0)
    .map(
      (kind) =>
        html`<span class="tally"><span class="tag ${kind}">${words[kind]}</span> on ${count(counts[kind])}</span> `,
    )}</td></tr>`;

const summaryTable = (rows: readonly KeySummary[], caption: string): Html =>
  html`<table class="grid summary"><caption>${caption}</caption><thead><tr><th scope="col">Key</th><th scope="col">Value after</th><th scope="col">Resources</th></tr></thead><tbody>${rows.map(summaryRow)}</tbody></table>`;

const summary = (changes: readonly ResourceChange[]): Html => {
  const rows = summarize(changes);
  const rest = rows.slice(summaryLines);
  return html`${summaryTable(rows.slice(0, summaryLines), `All ${plural(changes.length, 'resource')} together`)}${
    rest.length > 0 &&
    html`<details><summary>${plural(rest.length, 'more value')}</summary>${summaryTable(rest, 'More values')}</details>`
  }`;
};

const outcomeWords: Readonly<Record<ChangeOutcome['outcome'], { readonly label: string; readonly tone: string }>> = {
  applied: { label: '✓ Applied', tone: 'good' },
  failed: { label: '✕ Failed', tone: 'bad' },
  skipped: { label: '– Skipped', tone: 'caution' },
};

const outcomeLine = ({ outcome, code, message }: ChangeOutcome): Html =>
  html`<p class="outcome"><span class="badge ${outcomeWords[outcome].tone}">${outcomeWords[outcome].label}</span>${
    code !== undefined && html` <code class="value">${code}</code>`
  }${message !== undefined && html` ${dataValue(message)}`}</p>`;

const contextRows = (context: NonNullable<ResourceChange['context']>): Html | false => {
  const entries = Object.entries(context);
  return (
    entries.length > 0 &&
    html`<details><summary>${plural(entries.length, 'other value stays', 'other values stay')} as ${entries.length === 1 ? 'it is' : 'they are'}</summary><dl class="pairs">${entries.map(
      ([key, value]) => html`<div><dt>${dataValue(key)}</dt><dd>${dataValue(value)}</dd></div>`,
    )}</dl></details>`
  );
};

// The roles keep this a table for screen readers where the stylesheet stacks its cells on a narrow screen.
const resource = (change: ResourceChange, outcome: ChangeOutcome | undefined, column: 'Now' | 'Before'): Html =>
  html`<li class="resource panel"><h3><bdi>${change.label}</bdi></h3>
<p class="quiet small">${change.kind} · account ${change.accountId}${change.region !== undefined && html` · ${change.region}`}<br><code>${change.resourceId}</code></p>
${outcome && outcomeLine(outcome)}
${change.wouldFail !== undefined && html`<p class="warn"><strong>Expected to fail:</strong> <bdi>${change.wouldFail}</bdi></p>`}
<table class="grid change" role="table"><caption class="unseen">Changes to ${change.label}</caption><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Key</th><th scope="col" role="columnheader">${column}</th><th scope="col" role="columnheader">After</th></tr></thead><tbody role="rowgroup">${keyChanges(
    change,
  ).map(
    ({ key, before, after, kind }) =>
      html`<tr class="${kind}" role="row"><th scope="row" role="rowheader">${dataValue(key)} ${kindTag(kind)}</th><td role="cell" data-column="${column}">${dataValue(before)}</td><td role="cell" data-column="After">${dataValue(after)}</td></tr>`,
  )}</tbody></table>
${change.context && contextRows(change.context)}</li>`;

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

const pager = (operation: Operation, from: number, place: 'above' | 'below'): Html | false => {
  const total = operation.plan.changes.length;
  const link = (start: number, name: string, rel: string): Html =>
    html`<a href="${operationHref(operation.operationId)}?from=${start}#changes" rel="${rel}">${name}</a>`;
  return (
    total > pageSize &&
    html`<nav class="pager" aria-label="Resources of this plan, ${place}">${from > 0 && link(Math.max(0, from - pageSize), '← Earlier resources', 'prev')}<span>Resources ${count(from + 1)} to ${count(Math.min(total, from + pageSize))} of ${count(total)}</span>${from + pageSize < total && link(from + pageSize, 'Further resources →', 'next')}</nav>`
  );
};

/** The section of all changes, from the resource at index `from` on. */
export const changesSection = (operation: Operation, from = 0): Html => {
  const { changes } = operation.plan;
  const waits = awaitsAnswer(operation);
  const outcomes = new Map(operation.result?.outcomes.map((outcome) => [outcome.resourceId, outcome]));
  const shown = changes.slice(from, from + pageSize);
  const list = (items: readonly ResourceChange[], start: number): Html =>
    html`<ol class="resources" start="${from + start + 1}">${items.map((change) => resource(change, outcomes.get(change.resourceId), waits ? 'Now' : 'Before'))}</ol>`;
  return html`<section aria-labelledby="changes"><h2 id="changes">${waits ? 'What changes' : 'The changes'}</h2>
${changes.length > 1 && summary(changes)}
${pager(operation, from, 'above')}
${list(shown.slice(0, openSize), 0)}
${chunks(shown.slice(openSize), foldSize).map((chunk, index) => {
  const start = openSize + index * foldSize;
  return html`<details class="fold"><summary>Resources ${count(from + start + 1)} to ${count(from + start + chunk.length)}</summary>${list(chunk, start)}</details>`;
})}
${pager(operation, from, 'below')}</section>`;
};
