import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { count, plural } from '../../../measures/words.ts';
import { clean } from '../../../untrusted.ts';
import { options } from '../../../web/fields.ts';
import { time } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import { hrefWith } from '../../../web/links.ts';
import type { Alert } from '../model/alert.ts';
import { severityNames } from '../model/severity.ts';
import type { Silencing } from '../silences/silencing.ts';
import { alertHref } from './alert-links.ts';
import type { AlertListQuery } from './alert-list-query.ts';
import { alertBadge, severityBadge } from './status-marks.ts';

interface AlertListProps {
  /** Those that the filters let through, in their order. */
  readonly found: readonly Alert[];
  readonly query: AlertListQuery;
  readonly sites: readonly string[];
  readonly silencing: Silencing;
  readonly now: string;
}

/** Rows of one part of the table. */
const PART = 100;

const { path } = alerts.routes.alertList;

const filters = ({ query, sites }: AlertListProps): Html =>
  html`<form class="filters" method="get" action="${path}" role="search">
<p><label for="status">Status</label><select id="status" name="status">${options({ '': 'Open', firing: 'Firing', acknowledged: 'Acknowledged', resolved: 'Resolved' }, query.status)}</select></p>
<p><label for="severity">At least</label><select id="severity" name="severity">${options(
    {
      '': 'Every severity',
      ...Object.fromEntries(severityNames.slice(1).map((name, index) => [String(index + 1), name])),
    },
    query.severity === undefined ? undefined : String(query.severity),
  )}</select></p>
<p><label for="site">Site</label><select id="site" name="site">${options(
    {
      '': 'Every site',
      ...Object.fromEntries(
        [...new Set([...sites, ...(query.site === undefined ? [] : [query.site])])].map((site) => [site, site]),
      ),
    },
    query.site,
  )}</select></p>
<p><button class="button plain">Show</button> <a href="${path}">Clear</a></p></form>`;

const row = (alert: Alert, silencing: Silencing): Html =>
  html`<tr><th scope="row"><a href="${alertHref(alert.alert_id)}"><bdi>${clean(alert.name)}</bdi></a><br><span class="quiet small"><bdi>${clean(alert.description, 120)}</bdi></span></th><td data-column="Severity">${severityBadge(alert.severity)}</td><td data-column="Status">${alertBadge(alert.status)}${silencing.of(alert).length > 0 && html` <span class="tag">silenced</span>`}</td><td data-column="Site">${alert.site_code === '' ? html`<span class="quiet">none</span>` : html`<bdi>${clean(alert.site_code)}</bdi>`}</td><td data-column="Element"><bdi>${clean(alert.element_id) || alert.element_type}</bdi></td><td data-column="Since">${time(alert.starts_at)}</td></tr>`;

const pager = (query: AlertListQuery, at: number, last: number): Html | false => {
  const to = (page: number) => hrefWith(path, { ...query, page });
  return (
    last > 1 &&
    html`<nav class="pager" aria-label="More alerts">${at > 1 && html`<a href="${to(at - 1)}" rel="prev">← Before</a>`}<span>Part ${count(at)} of ${count(last)}</span>${at < last && html`<a href="${to(at + 1)}" rel="next">After →</a>`}</nav>`
  );
};

export const alertListView = (props: AlertListProps): Html => {
  const { found, query, silencing, now } = props;
  const last = Math.max(1, Math.ceil(found.length / PART));
  const at = Math.min(query.page, last);
  const rows = found.slice((at - 1) * PART, at * PART);
  return html`<h1>Alerts</h1>
${filters(props)}
<p>${plural(found.length, 'alert')} at ${time(now)}, the worst first and of those the newest.</p>
${
  rows.length === 0
    ? html`<p class="panel">No alert fits.</p>`
    : html`<table class="grid stacked alerts"><caption class="unseen">Alerts</caption><thead><tr><th scope="col">Alert</th><th scope="col">Severity</th><th scope="col">Status</th><th scope="col">Site</th><th scope="col">Element</th><th scope="col">Since</th></tr></thead><tbody>${rows.map((alert) => row(alert, silencing))}</tbody></table>${pager(query, at, last)}`
}`;
};
