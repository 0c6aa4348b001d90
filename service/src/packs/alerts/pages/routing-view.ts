import type { AlertReceiver, EscalationPolicy } from '../../../../../contracts/packs/alerts/telling.ts';
import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { count, plural } from '../../../measures/words.ts';
import { clean } from '../../../untrusted.ts';
import { keptLines } from '../../../web/fields.ts';
import { type Html, html } from '../../../web/html.ts';
import { matchersWords } from '../model/matchers.ts';
import type { RouteNode } from '../model/route.ts';
import { spanWords } from '../routing/duration.ts';
import type { RoutingPreview } from '../routing/preview.ts';
import type { Receivers } from '../routing/receivers.ts';

interface RoutingProps {
  readonly tree: RouteNode;
  /** 0: nobody has set one yet. */
  readonly version: number;
  readonly receivers: Pick<Receivers, 'all' | 'policies'>;
  /** As it was typed. */
  readonly asked: { readonly labels: string; readonly alert: string };
  readonly preview?: RoutingPreview | undefined;
  readonly problem?: string;
}

const form = ({ asked, problem }: RoutingProps): Html =>
  html`<section class="panel" aria-labelledby="preview"><h2 id="preview">Where would an alert go?</h2>${problem !== undefined && html`<p class="notice problem" role="alert">${problem}</p>`}
<form method="get" action="${alerts.routes.routing.path}" role="search">
<label for="labels">Its labels</label><p class="hint" id="labels-hint">One a line, such as site_code=CZA0021 or severity=5.</p>
<textarea id="labels" name="labels" rows="3" maxlength="4000" aria-describedby="labels-hint">
${keptLines(asked.labels)}</textarea>
<label for="alert">Or the id of an alert</label><input id="alert" name="alert" maxlength="60" value="${asked.alert}" autocomplete="off">
<div class="actions"><button class="button plain">Show</button></div></form></section>`;

const result = ({ routes, silences }: RoutingPreview): Html =>
  html`<section class="panel" aria-labelledby="result"><h2 id="result">It reaches ${[...new Set(routes.map(({ receiver }) => receiver))].join(', ')}</h2>
${silences.map(({ created_by, comment }) => html`<p class="notice caution">Nobody is told of it now: <bdi>${clean(created_by)}</bdi> silenced it, because <q><bdi>${clean(comment, 300)}</bdi></q>.</p>`)}
<table class="grid stacked"><caption class="unseen">Routes that take it</caption><thead><tr><th scope="col">Route</th><th scope="col">Receiver</th><th scope="col">Told together with</th><th scope="col">First after</th><th scope="col">Again after</th></tr></thead><tbody>${routes.map(
    (route) =>
      html`<tr><th scope="row"><code class="value">${clean(route.path, 500)}</code></th><td data-column="Receiver">${route.receiver}</td><td data-column="Told together with">${route.groupBy.length === 0 ? 'all alerts of this route' : `alerts of the same ${route.groupBy.map((name) => clean(name)).join(', ')}`}</td><td data-column="First after">${spanWords(route.groupWait)}</td><td data-column="Again after">${spanWords(route.groupInterval)} if it changed, ${spanWords(route.repeatInterval)} if not</td></tr>`,
  )}</tbody></table></section>`;

const own = (node: RouteNode): Html =>
  html`${node.receiver !== undefined && html` to <strong>${clean(node.receiver)}</strong>`}${node.continue === true && html` <span class="tag">and goes on</span>`}${node.group_by !== undefined && html` <span class="quiet small">together by ${clean(node.group_by.join(', '), 200)}</span>`}`;

const nodeList = (node: RouteNode): Html =>
  html`<li>${(node.matchers ?? []).length === 0 ? 'Every alert' : html`<code class="value">${clean(matchersWords(node.matchers ?? []), 500)}</code>`}${own(node)}${(node.routes ?? []).length > 0 && html`<ol>${(node.routes ?? []).map(nodeList)}</ol>`}</li>`;

const receiverRow = ({ name, to, send_resolved, escalation }: AlertReceiver): Html =>
  html`<tr><th scope="row">${name}</th><td data-column="Tells">${to.length === 0 ? 'whoever may read alerts, on the channels they chose' : html`<bdi>${clean(to.join(', '), 500)}</bdi>`}</td><td data-column="Of the end too">${send_resolved ? 'yes' : 'no'}</td><td data-column="Escalates by">${escalation ?? html`<span class="quiet">nothing</span>`}</td></tr>`;

const policyRow = ({ name, steps, repeat }: EscalationPolicy): Html =>
  html`<tr><th scope="row">${name}</th><td data-column="Steps"><ol>${steps.map(({ delay_min, targets }) => html`<li>${targets.join(', ')}, then ${plural(delay_min, 'minute')} of waiting</li>`)}</ol></td><td data-column="Comes again">${repeat === 0 ? 'no' : plural(repeat, 'time')}</td></tr>`;

const settings = ({ receivers }: RoutingProps): Html =>
  html`<section><h2>Receivers</h2><p class="quiet">The operator sets them by ALERT_RECEIVERS and ALERT_ESCALATIONS.</p>
<table class="grid stacked"><caption class="unseen">Receivers</caption><thead><tr><th scope="col">Name</th><th scope="col">Tells</th><th scope="col">Of the end too</th><th scope="col">Escalates by</th></tr></thead><tbody>${receivers.all.map(receiverRow)}</tbody></table></section>
${
  receivers.policies.length > 0 &&
  html`<section><h2>Escalation</h2><table class="grid stacked"><caption class="unseen">Escalation policies</caption><thead><tr><th scope="col">Name</th><th scope="col">Steps</th><th scope="col">Comes again</th></tr></thead><tbody>${receivers.policies.map(policyRow)}</tbody></table></section>`
}`;

export const routingView = (props: RoutingProps): Html => {
  const { tree, version, preview } = props;
  return html`<h1>Routing of alerts</h1>
<p>An alert goes down the tree to the first node that matches it, and further along where a node goes on. ${version === 0 ? 'Nobody has set a tree yet: every alert goes to one receiver.' : html`This is version ${count(version)}.`} An agent asks for another tree with set_alert_route, and a second person agrees.</p>
${form(props)}
${preview && result(preview)}
<section><h2>The tree</h2><ul class="tree">${nodeList(tree)}</ul></section>
${settings(props)}`;
};
