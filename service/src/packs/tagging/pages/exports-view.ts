import { tagging } from '../../../../../contracts/packs/tagging.ts';
import { count, plural } from '../../../measures/words.ts';
import { clean } from '../../../untrusted.ts';
import { time } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import { hrefWith } from '../../../web/links.ts';
import type { ExportNote, KeptExport } from '../reports/exports.ts';
import { moreLinks } from './more-links.ts';

export interface ExportsProps {
  /** The newest first; `href` is a link for an hour. */
  readonly rows: readonly (KeptExport & { readonly href: string | undefined })[];
  /** False: this service keeps no files. */
  readonly kept: boolean;
  readonly total: number;
  /** False: there are more than were counted. */
  readonly isWhole: boolean;
  readonly page: number;
  readonly last: number;
}

const KILOBYTE = 1000;
/** Types that a row names. */
const MOST_TYPES = 5;

const severities: Readonly<Record<ExportNote['filters']['severity'], string>> = {
  all: 'Errors and warnings',
  errors_only: 'Errors',
  warnings_only: 'Warnings',
};

const notKnown = html`<span class="quiet">not known</span>`;

const typesOf = ({ filters: { resourceTypes }, scan }: ExportNote): string => {
  if (resourceTypes === undefined) return plural(scan.types, 'resource type');
  const more = resourceTypes.length - MOST_TYPES;
  return `${resourceTypes.slice(0, MOST_TYPES).join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}`;
};

const what = (note: ExportNote | undefined): Html => {
  if (note === undefined) return notKnown;
  const { filters, scan } = note;
  return html`${severities[filters.severity]} of ${clean(typesOf(note))}<br><span class="quiet small">${plural(scan.accounts, 'account')}, ${plural(scan.regions, 'region')}; scanned ${time(scan.timestamp)}, data ${scan.quality}; policy <code class="value">${scan.policyVersion}</code></span>`;
};

const fileOf = ({ key, note, size, href }: ExportsProps['rows'][number]): Html => {
  const name = clean(note?.fileName ?? key.split('/').at(-1) ?? key);
  const kilobytes = plural(Math.max(1, Math.round(size / KILOBYTE)), 'kilobyte');
  return html`${href === undefined ? html`<bdi>${name}</bdi>` : html`<a href="${href}">Download<span class="unseen"> ${name}</span></a> <bdi>${name}</bdi>`}<br><span class="quiet small">${kilobytes}</span>`;
};

const row = (each: ExportsProps['rows'][number]): Html =>
  html`<tr><th scope="row">${fileOf(each)}</th><td data-column="Holds">${what(each.note)}</td><td data-column="Rows">${each.note === undefined ? notKnown : count(each.note.rows)}</td><td data-column="Asked for by">${each.note === undefined ? notKnown : html`<bdi>${clean(each.note.by.name)}</bdi>`}</td><td data-column="Written">${time(each.writtenAt)}</td><td data-column="Kept until">${time(each.keptUntil)}</td></tr>`;

const headings = ['File', 'Holds', 'Rows', 'Asked for by', 'Written', 'Kept until'];

const table = ({ rows, total, isWhole }: ExportsProps): Html =>
  html`<table class="grid stacked"><caption>${isWhole ? '' : 'At least '}${plural(total, 'file')}, the newest first</caption><thead><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead><tbody>${rows.map(row)}</tbody></table>`;

const pager = ({ page, last }: ExportsProps): Html | false => {
  const to = (part: number) => hrefWith(tagging.routes.exports.path, { page: part });
  return (
    last > 1 &&
    html`<nav class="pager" aria-label="More files">${page > 1 && html`<a href="${to(Math.min(page, last + 1) - 1)}" rel="prev">← Newer</a>`}<span>Part ${count(page)} of ${count(last)}</span>${page < last && html`<a href="${to(page + 1)}" rel="next">Older →</a>`}</nav>`
  );
};

const none = ({ kept }: ExportsProps): Html =>
  kept
    ? html`<div class="empty panel"><p><strong>No file is here.</strong></p><p class="quiet">Ask an agent: “Export all tag violations as CSV.”</p></div>`
    : html`<div class="empty panel"><p><strong>This service keeps no files.</strong></p></div>`;

/** Files that were exported and are still kept. */
export const exportsView = (props: ExportsProps): Html =>
  html`<h1>Exported files</h1>
<p>Violations that somebody had an agent export. Whoever may read tags may download them, after signing in. A link of this page lives an hour: load the page again for another.</p>
${props.rows.length === 0 ? none(props) : table(props)}${pager(props)}
${moreLinks('exports')}`;
