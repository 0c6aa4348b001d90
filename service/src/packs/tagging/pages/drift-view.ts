import { tagging } from '../../../../../contracts/packs/tagging.ts';
import { count, plural } from '../../../measures/words.ts';
import { clean } from '../../../untrusted.ts';
import { time } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import { hrefWith } from '../../../web/links.ts';
import { driftSeverities, type TagDrift } from '../drift/compare.ts';
import type { KeptDrift } from '../drift/kept.ts';
import { attributionKey } from '../drift/trail.ts';
import { moreLinks } from './more-links.ts';

export interface DriftProps {
  /** Undefined: there are no two snapshots to compare. */
  readonly drift: KeptDrift | undefined;
  readonly days: number;
  /** Only these are listed. */
  readonly severity: TagDrift['severity'] | undefined;
}

/** Rows of the table. The tool pages through more. */
const MOST_ROWS = 200;
const spans = [7, 30, 90] as const;

const badges: Readonly<Record<TagDrift['severity'], Html>> = {
  critical: html`<span class="badge bad"><span class="sign" aria-hidden="true">✕</span>Critical</span>`,
  warning: html`<span class="badge caution"><span class="sign" aria-hidden="true">○</span>Warning</span>`,
  info: html`<span class="badge good"><span class="sign" aria-hidden="true">●</span>Info</span>`,
};
const remarks: Readonly<Record<TagDrift['severity'], string>> = {
  critical: 'a required tag was removed',
  warning: 'a required tag has another value',
  info: 'a required tag was added',
};

const shown = (value: string): Html => html`<bdi>${clean(value)}</bdi>`;

const countOf = ({ drifts }: KeptDrift, severity: TagDrift['severity']): number =>
  drifts.filter((each) => each.severity === severity).length;

const figures = (drift: KeptDrift): Html =>
  html`<dl class="figures panel">${driftSeverities.map(
    (severity) =>
      html`<div><dt>${badges[severity]}</dt><dd><span class="number">${count(countOf(drift, severity))}</span><span class="quiet small">${remarks[severity]}</span></dd></div>`,
  )}<div><dt>Resources</dt><dd><span class="number">${count(drift.resourcesNew)} new</span><span class="quiet small">and ${count(drift.resourcesDeleted)} deleted since then</span></dd></div></dl>`;

/** What it was and what it is, as far as there was or is something. */
const values = ({ oldValue, newValue }: TagDrift): Html =>
  html`${oldValue !== null && html`<br>was ${shown(oldValue)}`}${newValue !== null && html`<br>is ${shown(newValue)}`}`;

const writerOf = (drift: TagDrift, { writers }: KeptDrift): Html => {
  const writer = writers.get(attributionKey(drift));
  if (writer === undefined) return html`<span class="quiet">not known</span>`;
  return html`${writer.by === null ? html`<span class="quiet">not known</span>` : html`<bdi>${clean(writer.by, 500)}</bdi>`}<br><span class="quiet small">${time(writer.at)}</span>`;
};

const row = (drift: TagDrift, kept: KeptDrift): Html =>
  html`<tr><th scope="row"><bdi>${clean(drift.resource.arn, 1100)}</bdi></th><td data-column="Severity">${badges[drift.severity]}</td><td data-column="Tag"><code class="value">${clean(drift.tag)}</code> ${drift.driftType}${values(drift)}</td><td data-column="By whom and when">${writerOf(drift, kept)}</td></tr>`;

const table = (drift: KeptDrift, rows: readonly TagDrift[]): Html =>
  html`<table class="grid stacked planned drifts"><caption>${plural(rows.length, 'tag')} that moved, the gravest first</caption><thead><tr><th scope="col">Resource</th><th scope="col">Severity</th><th scope="col">Tag</th><th scope="col">By whom and when</th></tr></thead><tbody>${rows.slice(0, MOST_ROWS).map((each) => row(each, drift))}</tbody></table>${
    rows.length > MOST_ROWS &&
    html`<p class="quiet">${count(rows.length - MOST_ROWS)} more: ask an agent to detect tag drift.</p>`
  }`;

const choices = ({ days, severity }: DriftProps): Html => {
  const { path } = tagging.routes.drift;
  const span = (each: number) =>
    each === days
      ? html`<strong>${plural(each, 'day')}</strong>`
      : html`<a href="${hrefWith(path, { days: String(each), severity })}">${plural(each, 'day')}</a>`;
  const kind = (each: TagDrift['severity'] | undefined) =>
    each === severity
      ? html`<strong>${each ?? 'all'}</strong>`
      : html`<a href="${hrefWith(path, { days: String(days), severity: each })}">${each ?? 'all'}</a>`;
  return html`<p>Looking back ${spans.map((each) => html`${span(each)} `)}· Severity ${[undefined, ...driftSeverities].map((each) => html`${kind(each)} `)}</p>`;
};

const found = (drift: KeptDrift, { severity }: DriftProps): Html => {
  const rows = drift.drifts.filter((each) => severity === undefined || each.severity === severity);
  return html`<p>Between the snapshots of ${time(drift.from)} and ${time(drift.to)}. Only tags that the policy requires; a breach that was there before is no drift.</p>${figures(drift)}${
    rows.length === 0 ? html`<p class="empty panel">No such tag moved.</p>` : table(drift, rows)
  }<p class="quiet">Who changed a tag is known once an agent was asked to detect tag drift: CloudTrail is asked then.</p>`;
};

/** Tags that moved, by severity. */
export const driftView = (props: DriftProps): Html =>
  html`<h1>Tag drift</h1>
${choices(props)}
${
  props.drift === undefined
    ? html`<div class="empty panel"><p><strong>There are no two snapshots of the last ${plural(props.days, 'day')} to compare.</strong></p><p class="quiet">Ask an agent: “Check our tag compliance and keep a snapshot.” Scheduled audits keep one a day.</p></div>`
    : found(props.drift, props)
}
${moreLinks('drift')}`;
