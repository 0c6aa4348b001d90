import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { count, plural } from '../../../measures/words.ts';
import { clean } from '../../../untrusted.ts';
import { time } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import { hrefWith } from '../../../web/links.ts';
import { type SiteStatus, siteStatuses } from '../analysis/health.ts';
import type { NetworkHealth } from '../analysis/network-health.ts';
import type { SiteNow } from '../analysis/site-now.ts';
import { siteBadge } from './status-marks.ts';

interface BoardProps {
  readonly network: NetworkHealth;
  /** Undefined: all of them. */
  readonly status: SiteStatus | undefined;
  /** ISO time of what is shown. */
  readonly at: string;
  /** In the sandbox: the token of its form. */
  readonly story: { readonly csrf: string } | undefined;
}

/** Tiles of one page: a wall shows no more, and a list does better. */
const MOST_TILES = 400;

const { path } = alerts.routes.network;

const figure = (status: SiteStatus, sites: number, chosen: boolean): Html =>
  html`<div><dt>${siteBadge(status)}</dt><dd><span class="number">${count(sites)}</span>${
    sites > 0 &&
    html`<a href="${hrefWith(path, { status: chosen ? undefined : status })}">${chosen ? 'Show all sites' : 'Show these'}</a>`
  }</dd></div>`;

const figures = ({ network, status }: BoardProps): Html =>
  html`<dl class="figures panel statuses">${siteStatuses.map((each) => figure(each, network.by_status[each], each === status))}<div><dt>Mean health</dt><dd><span class="number">${network.mean_health === null ? '–' : network.mean_health.toFixed(1)}</span><span class="quiet small">of 100</span></dd></div></dl>`;

const openWords = ({ open_alerts, open_critical }: SiteNow): string => {
  if (open_alerts === 0) return 'Nothing open';
  return `${plural(open_alerts, 'open alert')}${open_critical > 0 ? `, ${count(open_critical)} critical` : ''}`;
};

const tile = (site: SiteNow): Html =>
  html`<li class="site ${(site.status ?? 'none').toLowerCase()}"><h2><bdi>${clean(site.site_code)}</bdi></h2>
<p>${siteBadge(site.status)}</p>
<p><span class="number">${site.health === null ? '–' : site.health.toFixed(1)}</span> <span class="quiet small">health${site.confidence !== null && html`, ${Math.round(site.confidence * 100)} % sure`}</span></p>
<p class="small"><a href="${hrefWith(alerts.routes.alertList.path, { site: site.site_code })}">${openWords(site)}</a></p></li>`;

const steps = [
  [15, '15 minutes'],
  [60, '1 hour'],
  [360, '6 hours'],
  [1440, '1 day'],
] as const;

const timeForm = ({ csrf }: { readonly csrf: string }): Html =>
  html`<form class="panel" method="post" action="${alerts.routes.moveNetworkTime.path}"><input type="hidden" name="csrf" value="${csrf}"><p>This is a network of the sandbox, whose alarms tell a story. See how it goes on:</p><div class="actions">${steps.map(([minutes, words]) => html`<button class="button plain" name="minutes" value="${minutes}">${words} later</button>`)}</div></form>`;

export const boardView = (props: BoardProps): Html => {
  const { network, status, at } = props;
  const shown = network.sites.filter((site) => status === undefined || site.status === status);
  const left = shown.length - MOST_TILES;
  return html`<h1>Network</h1>
<p>${plural(network.sites.length, 'site')} at ${time(at)}, the worst first. The page loads itself again each minute.</p>
${figures(props)}
${
  shown.length === 0
    ? html`<p class="panel">${network.sites.length === 0 ? 'No alert has come from any site yet.' : 'No site has this status.'}</p>`
    : html`<ul class="board">${shown.slice(0, MOST_TILES).map(tile)}</ul>`
}
${left > 0 && html`<p>${plural(left, 'site')} more. Choose a status above to see fewer.</p>`}
${network.alarms_without_site > 0 && html`<p class="quiet small">${plural(network.alarms_without_site, 'alarm')} of the last seven days named no site.</p>`}
${props.story && timeForm(props.story)}`;
};
