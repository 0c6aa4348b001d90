/** What an operation changes: first counted over all resources, then resource by resource, before and after. */

import { count, plural } from '../../measures/words.ts';
import type { Operation } from '../../operations/operation.ts';
import type { ChangeOutcome, ResourceChange } from '../../operations/plan.ts';
import { accountWords } from '../account-words.ts';
import { options } from '../fields.ts';
import { type Html, html } from '../html.ts';
import { changesFileHref, changesWorkbookHref, hrefWith, operationHref } from '../links.ts';
import type { ChangesQuery } from '../props.ts';
import { dataValue } from '../value.ts';
import { type Arranged, type Arrangement, arrange } from './arranged.ts';
import { type KeySummary, type Kind, keyChanges, summarize } from './difference.ts';
import { awaitsAnswer } from './status.ts';

/** Resources of one page, and those from which on they can be searched. */
const pageSize = 25;
const searchable = 10;
/** Groups that are named at first. */
const groupLines = 20;
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

interface Shown {
  /** Title of the values before. */
  readonly column: 'Now' | 'Before';
  /** Resources may be ticked, to take back only those. */
  readonly ticks: boolean;
  /** Of accounts, by id. */
  readonly names: ReadonlyMap<string, string>;
}

/** Belongs to the form that plans the way back, wherever that stands. */
const tick = ({ resourceId, label }: ResourceChange): Html =>
  html`<p><label><input type="checkbox" name="only" value="${resourceId}" form="undo-form"> Take back <bdi>${label}</bdi></label></p>`;

// The roles keep this a table for screen readers where the stylesheet stacks its cells on a narrow screen.
const resource = ({ change, outcome, group }: Arranged, { column, ticks, names }: Shown): Html =>
  html`<li class="resource panel">${group === undefined ? html`<h3><bdi>${change.label}</bdi></h3>` : html`<h4><bdi>${change.label}</bdi></h4>`}
<p class="quiet small">${change.kind}${change.accountId !== '' && html` · account ${accountWords(change.accountId, names)}`}${change.region !== undefined && html` · ${change.region}`}<br><code>${change.resourceId}</code></p>
${outcome && outcomeLine(outcome)}
${ticks && outcome?.outcome === 'applied' && tick(change)}
${change.wouldFail !== undefined && html`<p class="warn"><strong>Expected to fail:</strong> <bdi>${change.wouldFail}</bdi></p>`}
<table class="grid change" role="table"><caption class="unseen">Changes to ${change.label}</caption><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Key</th><th scope="col" role="columnheader">${column}</th><th scope="col" role="columnheader">After</th></tr></thead><tbody role="rowgroup">${keyChanges(
    change,
  ).map(
    ({ key, before, after, kind }) =>
      html`<tr class="${kind}" role="row"><th scope="row" role="rowheader">${dataValue(key)} ${kindTag(kind)}</th><td role="cell" data-column="${column}">${dataValue(before)}</td><td role="cell" data-column="After">${dataValue(after)}</td></tr>`,
  )}</tbody></table>
${change.context && contextRows(change.context)}</li>`;

const hrefOf = ({ operationId }: Operation, query: ChangesQuery): string =>
  `${hrefWith(operationHref(operationId), { ...query, from: query.from || undefined })}#changes`;

const pager = (operation: Operation, query: ChangesQuery, total: number, place: 'above' | 'below'): Html | false => {
  const { from = 0 } = query;
  const link = (start: number, name: string, rel: string): Html =>
    html`<a href="${hrefOf(operation, { ...query, from: start })}" rel="${rel}">${name}</a>`;
  return (
    total > pageSize &&
    html`<nav class="pager" aria-label="Resources of this plan, ${place}">${from > 0 && link(Math.max(0, from - pageSize), '← Earlier resources', 'prev')}<span>Resources ${count(from + 1)} to ${count(Math.min(total, from + pageSize))} of ${count(total)}</span>${from + pageSize < total && link(from + pageSize, 'Further resources →', 'next')}</nav>`
  );
};

const filters = (operation: Operation, { q, only, group }: ChangesQuery, { counts }: Arrangement): Html => {
  const isDone = operation.result !== undefined;
  return html`<form class="filters" method="get" action="${operationHref(operation.operationId)}#changes" role="search">
<p><label for="q">Search</label><input id="q" name="q" type="search" maxlength="200" value="${q}"></p>
<p><label for="only">Which</label><select id="only" name="only">${options(
    {
      '': `All ${count(counts.all)}`,
      fails: `${isDone ? 'Not applied' : 'Expected to fail'} (${count(counts.fails)})`,
      loses: `Lose a value (${count(counts.loses)})`,
    },
    only,
  )}</select></p>
<p><label for="group">Grouped by</label><select id="group" name="group">${options(
    { '': 'Nothing', account: 'Account', kind: 'Kind', region: 'Region', lost: 'Value that is lost' },
    group,
  )}</select></p>
<p><button class="button plain">Show</button></p></form>`;
};

const groupLinks = (operation: Operation, query: ChangesQuery, { groups }: Arrangement): Html | false =>
  groups.length > 0 &&
  html`<ul class="chips">${groups
    .slice(0, groupLines)
    .map(
      ({ name, from, size }) =>
        html`<li><a class="choose" href="${hrefOf(operation, { ...query, from })}"><bdi>${name.slice(0, 80)}</bdi> (${count(size)})</a></li>`,
    )}${groups.length > groupLines && html`<li class="quiet">and ${count(groups.length - groupLines)} more</li>`}</ul>`;

/** The resources of this page, under the names of their groups. */
const list = (shown: readonly Arranged[], from: number, { groups }: Arrangement, how: Shown): Html => {
  const items = (some: readonly Arranged[], start: number): Html =>
    html`<ol class="resources" start="${start + 1}">${some.map((one) => resource(one, how))}</ol>`;
  if (groups.length === 0) return items(shown, from);
  return html`${groups.map((group) => {
    const start = Math.max(from, group.from);
    const members = shown.slice(start - from, Math.max(0, group.from + group.size - from));
    return members.length > 0 && html`<h3><bdi>${group.name}</bdi> (${count(group.size)})</h3>${items(members, start)}`;
  })}`;
};

/** The section of all changes, a page at a time. */
export const changesSection = (
  operation: Operation,
  query: ChangesQuery = {},
  names: ReadonlyMap<string, string> = new Map(),
  ticks = false,
): Html => {
  const { changes } = operation.plan;
  const waits = awaitsAnswer(operation);
  const arrangement = arrange(operation, query);
  const { fitting } = arrangement;
  const from = Math.min(query.from ?? 0, Math.max(0, fitting.length - 1));
  const placed = { ...query, from };
  const isCut = (query.q ?? query.only) !== undefined;
  return html`<section aria-labelledby="changes"><h2 id="changes">${waits ? 'What changes' : 'The changes'}</h2>
${changes.length > 1 && summary(changes)}
${changes.length > 1 && html`<p class="small"><a href="${changesFileHref(operation.operationId)}" download>Download all changes as CSV</a> · <a href="${changesWorkbookHref(operation.operationId)}" download>as Excel</a></p>`}
${(changes.length > searchable || isCut) && filters(operation, query, arrangement)}
${groupLinks(operation, query, arrangement)}
${isCut && html`<p class="quiet" role="status">${plural(fitting.length, 'resource fits', 'resources fit')}. <a href="${hrefOf(operation, {})}">Show all ${count(changes.length)}</a></p>`}
${pager(operation, placed, fitting.length, 'above')}
${list(fitting.slice(from, from + pageSize), from, arrangement, { column: waits ? 'Now' : 'Before', ticks: ticks && changes.length > 1, names })}
${pager(operation, placed, fitting.length, 'below')}</section>`;
};
