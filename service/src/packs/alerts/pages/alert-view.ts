import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { count, plural } from '../../../measures/words.ts';
import { clean, cleanProse } from '../../../untrusted.ts';
import { keptLines } from '../../../web/fields.ts';
import { time, until } from '../../../web/format.ts';
import { type Html, html, lines } from '../../../web/html.ts';
import { hrefWith } from '../../../web/links.ts';
import { type Alert, isUnresolved } from '../model/alert.ts';
import type { AlertStep } from '../model/history.ts';
import { severityNames } from '../model/severity.ts';
import { type Silence, silenceEnd } from '../model/silence.ts';
import type { AlertDraft } from './alert-draft.ts';
import { alertHref } from './alert-links.ts';
import { alertBadge, severityBadge } from './status-marks.ts';

interface ActForms {
  readonly csrf: string;
  /** Where the sign-in is too old. */
  readonly signInAgain?: string | undefined;
  /** What was typed and refused, and why. */
  readonly draft?: AlertDraft;
  readonly problem?: string;
}

interface AlertProps {
  readonly alert: Alert;
  /** Those that are active and match. */
  readonly silences: readonly Silence[];
  /** Undefined: this person may only read. */
  readonly forms: ActForms | undefined;
  readonly now: string;
}

/** Notes and labels of the page. */
const MOST_NOTES = 50;
const MOST_PAIRS = 60;

const fact = (label: string, value: Html | string | false): Html | false =>
  value !== false && html`<div><dt>${label}</dt><dd>${value}</dd></div>`;

const facts = ({ alert }: AlertProps): Html =>
  html`<dl class="facts across">${fact('Site', alert.site_code !== '' && html`<a href="${hrefWith(alerts.routes.alertList.path, { site: alert.site_code })}"><bdi>${clean(alert.site_code)}</bdi></a>`)}${fact('Element', html`${alert.element_type}${alert.element_id !== '' && html` <bdi>${clean(alert.element_id)}</bdi>`}`)}${fact('Source', html`<bdi>${clean(alert.source)}</bdi>`)}${fact('Since', time(alert.starts_at))}${fact('Last heard of', time(alert.last_seen_at))}${fact(
    'Acknowledged',
    alert.acknowledged_at !== null &&
      html`${time(alert.acknowledged_at)} by <bdi>${clean(alert.acknowledged_by ?? '')}</bdi>${alert.acknowledgement_expires_at !== null && html`, until ${time(alert.acknowledgement_expires_at)}`}`,
  )}${fact('Resolved', alert.resolved_at !== null && html`${time(alert.resolved_at)} by <bdi>${clean(alert.resolved_by ?? '')}</bdi>`)}${fact('Began', plural(alert.occurrence_count, 'time'))}${fact('Posts that said nothing new', count(alert.duplicate_count))}${fact('Escalation level', count(alert.escalation_level))}</dl>`;

const silenced = ({ silences, now }: AlertProps): Html[] =>
  silences.map(
    (silence) =>
      html`<p class="notice caution">Nobody is told of this alert for ${until(silenceEnd(silence), now) ?? 'a moment'} more: <bdi>${clean(silence.created_by)}</bdi> silenced it, because <q><bdi>${clean(silence.comment, 300)}</bdi></q>.</p>`,
  );

const stepWords: Readonly<Record<AlertStep['kind'], string>> = {
  raise: 'Raised',
  change: 'Changed',
  clear: 'Cleared',
  acknowledge: 'Acknowledged',
  lapse: 'Acknowledgement expired',
  escalate: 'Escalated',
};

const steps = ({ history }: Alert): Html =>
  html`<section><h2>What happened</h2><table class="grid stacked"><caption class="unseen">Steps, the newest first</caption><thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Severity</th><th scope="col">By</th></tr></thead><tbody>${history
    .toReversed()
    .map(
      ({ at, kind, severity, by }) =>
        html`<tr><th scope="row">${time(at)}</th><td data-column="What">${stepWords[kind]}</td><td data-column="Severity">${severityNames[severity]}</td><td data-column="By">${by === undefined ? html`<span class="quiet">its sender</span>` : html`<bdi>${clean(by)}</bdi>`}</td></tr>`,
    )}</tbody></table></section>`;

const notes = ({ notes: all }: Alert): Html | false =>
  all.length > 0 &&
  html`<section><h2>Notes</h2><ol class="notes">${all
    .slice(-MOST_NOTES)
    .toReversed()
    .map(
      ({ at, by, text }) =>
        html`<li><p class="quiet small">${time(at)}, <bdi>${clean(by)}</bdi></p><p>${lines(cleanProse(text, 4000))}</p></li>`,
    )}</ol>${all.length > MOST_NOTES && html`<p class="quiet small">${plural(all.length - MOST_NOTES, 'older note')} not shown.</p>`}</section>`;

const pairs = (title: string, all: Readonly<Record<string, string>>): Html | false => {
  const entries = Object.entries(all);
  return (
    entries.length > 0 &&
    html`<section><h2>${title}</h2><dl class="facts">${entries.slice(0, MOST_PAIRS).map(([key, value]) => fact(clean(key), html`<bdi>${clean(value, 1000)}</bdi>`))}</dl></section>`
  );
};

const minutes = ['30', '60', '240', '1440'] as const;

const acts = (alert: Alert, { csrf, draft, problem, signInAgain }: ActForms): Html => {
  if (signInAgain !== undefined)
    return html`<section><h2>Act</h2><p><a class="button" href="${signInAgain}">Sign in again to act</a></p></section>`;
  const chosen = draft?.minutes || '240';
  return html`<section><h2>Act</h2>${problem !== undefined && html`<p class="notice problem" role="alert">${problem}</p>`}
<form class="panel act" method="post" action="${alertHref(alert.alert_id)}"><input type="hidden" name="csrf" value="${csrf}">
<p><label for="text">What you saw, or did</label><textarea id="text" name="text" rows="3" maxlength="4000">${keptLines(draft?.text ?? '')}</textarea></p>
${
  isUnresolved(alert) &&
  html`<p><label for="minutes">Acknowledge for</label><select id="minutes" name="minutes">${minutes.map((each) => html`<option value="${each}"${each === chosen && html` selected`}>${each === '1440' ? '1 day' : each === '30' ? '30 minutes' : plural(Number(each) / 60, 'hour')}</option>`)}</select></p>`
}
<p class="actions">${isUnresolved(alert) && html`<button class="button" name="act" value="acknowledge">Acknowledge</button> <button class="button plain" name="act" value="resolve">Resolve</button> `}<button class="button plain" name="act" value="note">Add a note</button></p>
<p class="quiet small">These act at once, without an approval, and are in the audit log.</p></form></section>`;
};

export const alertView = (props: AlertProps): Html => {
  const { alert, forms } = props;
  return html`<p class="quiet small"><a href="${alerts.routes.alertList.path}">Alerts</a></p>
<h1><bdi>${clean(alert.name)}</bdi></h1>
<p>${severityBadge(alert.severity)} ${alertBadge(alert.status)}${alert.severity_defaulted && html` <span class="quiet small">Its sender named no severity that is known.</span>`}</p>
${alert.description !== '' && html`<p>${lines(cleanProse(alert.description, 2000))}</p>`}
${silenced(props)}
${facts(props)}
${forms && acts(alert, forms)}
${steps(alert)}
${notes(alert)}
${pairs('Labels', alert.labels)}
${pairs('Annotations', alert.annotations)}`;
};
