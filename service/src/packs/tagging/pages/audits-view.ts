import { count, percent, plural } from '../../../measures/words.ts';
import { clean } from '../../../untrusted.ts';
import { time, until } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import type { AuditSchedule, LastRun } from '../audits/schedule.ts';
import { rhythmWords } from '../audits/when.ts';
import { type AuditForms, changeForm, scheduleForm } from './audit-forms.ts';
import { moreLinks } from './more-links.ts';

export interface AuditsProps {
  /** Active ones first, the next to come first. */
  readonly audits: readonly AuditSchedule[];
  /** Of admins: they see addresses, and may change schedules. */
  readonly forms: AuditForms | undefined;
  readonly now: string;
}

const statuses: Readonly<Record<AuditSchedule['status'], Html>> = {
  active: html`<span class="badge good"><span class="sign" aria-hidden="true">●</span>Active</span>`,
  paused: html`<span class="badge caution"><span class="sign" aria-hidden="true">○</span>Paused</span>`,
};

const nextOf = ({ status, nextRun }: AuditSchedule, now: string): Html => {
  if (status === 'paused') return html`not while it is paused`;
  const left = until(nextRun, now);
  return html`${time(nextRun)}<br><span class="quiet small">${left === undefined ? 'due now' : `in ${left}`}</span>`;
};

const remarks = ({ quality, missed, unreachable, plannedFor, ranAt }: LastRun): string[] => [
  ...(quality === 'partial' ? ['saw only a part'] : []),
  ...(quality === 'failed' ? ['could read nothing'] : []),
  ...(missed > 0 ? [`${plural(missed, 'audit')} before it did not run`] : []),
  ...(Date.parse(ranAt) - Date.parse(plannedFor) >= 900_000 ? ['ran late'] : []),
  ...(unreachable.length > 0 ? [`${plural(unreachable.length, 'recipient')} could not be told`] : []),
];

const lastOf = ({ lastRun }: AuditSchedule): Html => {
  if (lastRun === undefined) return html`has not run yet`;
  const said = remarks(lastRun).join(', ');
  return html`${time(lastRun.ranAt)}<br><strong>${lastRun.score === null ? 'no data' : percent(lastRun.score)}</strong>, ${plural(lastRun.violations, 'violation')}, sent to ${count(lastRun.toldTo)}${said !== '' && html`<br><span class="quiet small">${said}</span>`}`;
};

const sentTo = ({ recipients, format }: AuditSchedule, showsAddresses: boolean): Html => {
  const by = { email: 'by mail', slack: 'by Slack', both: 'by mail and Slack' }[format];
  return showsAddresses
    ? html`<bdi>${recipients.map((each) => clean(each, 320)).join(', ')}</bdi><br><span class="quiet small">${by}</span>`
    : html`${plural(recipients.length, 'recipient')} ${by}`;
};

const row = (audit: AuditSchedule, { forms, now }: AuditsProps): Html =>
  html`<tr><th scope="row">${rhythmWords(audit)}<br><code class="quiet small">${audit.scheduleId}</code></th><td data-column="Status">${statuses[audit.status]}</td><td data-column="Next">${nextOf(audit, now)}</td><td data-column="Last">${lastOf(audit)}</td><td data-column="Sent to">${sentTo(audit, forms !== undefined)}${forms && changeForm(audit, forms)}</td></tr>`;

const table = (props: AuditsProps): Html =>
  html`<table class="grid stacked planned audits"><caption>${plural(props.audits.length, 'scheduled audit')}, the next first</caption><thead><tr><th scope="col">When</th><th scope="col">Status</th><th scope="col">Next</th><th scope="col">Last</th><th scope="col">Sent to</th></tr></thead><tbody>${props.audits.map((audit) => row(audit, props))}</tbody></table>`;

const problemOf = ({ forms }: AuditsProps): Html | false =>
  forms?.problem !== undefined && html`<div class="notice problem" role="alert"><p>${forms.problem}</p></div>`;

/** Scheduled audits, as one table that a phone stacks. */
export const auditsView = (props: AuditsProps): Html =>
  html`<h1>Scheduled audits</h1>${problemOf(props)}
${
  props.audits.length === 0
    ? html`<div class="empty panel"><p><strong>No audit is scheduled.</strong></p><p class="quiet">An admin schedules one here, or asks an agent: “Audit tag compliance every Monday at nine and mail it to me.”</p></div>`
    : table(props)
}
${props.forms === undefined ? html`<p class="quiet">Admins schedule, pause and delete audits.</p>` : scheduleForm(props.forms)}
${moreLinks('audits')}`;
