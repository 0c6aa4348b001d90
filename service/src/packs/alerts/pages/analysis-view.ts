import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { count, plural } from '../../../measures/words.ts';
import { options } from '../../../web/fields.ts';
import { time } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import type { NetworkAnalysis } from '../analysis/network-analysis.ts';
import type { AnalysisWindow } from '../analysis/window.ts';
import { correlationCharts } from './correlation-chart.ts';
import { rootCauseChart } from './root-cause-chart.ts';
import { timelineChart } from './timeline-chart.ts';

/** Spans that the page offers. */
export const analysisDays = [1, 7, 30, 90] as const;

interface AnalysisProps {
  /** As they were typed. */
  readonly asked: { readonly sites: string; readonly days: number };
  readonly found?: NetworkAnalysis & { readonly window: AnalysisWindow };
  /** Why there is nothing. */
  readonly problem?: string;
}

const { path } = alerts.routes.analysis;

const filters = ({ sites, days }: AnalysisProps['asked']): Html =>
  html`<form class="filters" method="get" action="${path}" role="search">
<p><label for="sites">Sites, up to 20</label><input id="sites" name="sites" value="${sites}" maxlength="700" placeholder="All"></p>
<p><label for="days">Looking back</label><select id="days" name="days">${options(Object.fromEntries(analysisDays.map((each) => [String(each), plural(each, 'day')])), String(days))}</select></p>
<p><button class="button plain">Show</button> <a href="${path}">Clear</a></p></form>`;

const charts = (found: NonNullable<AnalysisProps['found']>, days: number): Html => {
  const { window, alarms, alarms_without_site: without } = found;
  return html`<p>${plural(alarms, 'alarm')} from ${time(new Date(window.from).toISOString())} to ${time(new Date(window.to).toISOString())}, repetitions left out.${without > 0 && ` ${count(without)} more named no site.`}</p>
${
  alarms === 0
    ? html`<p class="panel">No alarm came in these days.</p>`
    : html`${timelineChart(found.timeline, window, days)}
${correlationCharts(found)}
${rootCauseChart(found.root_causes)}`
}`;
};

export const analysisView = ({ asked, found, problem }: AnalysisProps): Html =>
  html`<h1>Analysis of alarms</h1>
${filters(asked)}
${problem !== undefined && html`<p class="notice problem" role="alert">${problem}</p>`}
${found && charts(found, asked.days)}`;
