/** Forms that ask for scheduled audits to change. What comes of one is a change that its admin confirms. */
import { tagging } from '../../../../../contracts/packs/tagging.ts';
import { keptLines, options } from '../../../web/fields.ts';
import { type Html, html } from '../../../web/html.ts';
import type { AuditSchedule, AuditTerms } from '../audits/schedule.ts';
import { rhythmWords } from '../audits/when.ts';

/** What an admin may do, and with which token of the page. */
export interface AuditForms {
  readonly csrf: string;
  /** Zone that is filled in. */
  readonly timeZone: string;
  /** The sign-in is too old: where it is renewed. */
  readonly signInAgain: string | undefined;
  /** What was typed, to be corrected. */
  readonly draft?: Partial<AuditDraft> | undefined;
  readonly problem?: string | undefined;
}

/** Fields as a form sends them. */
export interface AuditDraft {
  readonly schedule: string;
  readonly time: string;
  readonly timezone: string;
  /** One a line, or separated by commas. */
  readonly recipients: string;
  readonly format: string;
  readonly reason: string;
}

const rhythmLabels: Readonly<Record<AuditTerms['schedule'], string>> = {
  daily: 'Every day',
  weekly: 'Every Monday',
  monthly: 'On the first of each month',
};
const formatLabels: Readonly<Record<AuditTerms['format'], string>> = {
  email: 'By mail',
  slack: 'By Slack',
  both: 'By mail and Slack',
};

const field = (name: keyof AuditDraft, label: string, input: Html, hint?: string): Html =>
  html`<label for="${name}">${label}</label>${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}${input}`;

const fieldsOf = ({ draft = {}, timeZone }: AuditForms): Html =>
  html`${field('schedule', 'How often', html`<select id="schedule" name="schedule">${options(rhythmLabels, draft.schedule ?? 'weekly')}</select>`)}
${field('time', 'At', html`<input id="time" name="time" type="time" required value="${draft.time ?? '09:00'}">`)}
${field('timezone', 'Time zone', html`<input id="timezone" name="timezone" required maxlength="60" autocomplete="off" aria-describedby="timezone-hint" value="${draft.timezone ?? timeZone}">`, 'Its name in the IANA database, such as Europe/Berlin. The audit keeps to its clock, also when that changes in spring and autumn.')}
${field(
  'recipients',
  'Sent to',
  html`<textarea id="recipients" name="recipients" rows="3" required maxlength="8000" aria-describedby="recipients-hint">
${keptLines(draft.recipients ?? '')}</textarea>`,
  'One a line: mail addresses of people who signed in here, and mailboxes and #channels that the operator set up.',
)}
${field('format', 'How', html`<select id="format" name="format">${options(formatLabels, draft.format ?? 'email')}</select>`)}
${field('reason', 'Reason (optional)', html`<input id="reason" name="reason" maxlength="500" value="${draft.reason ?? ''}">`)}`;

/** The form that schedules one more, or where to sign in for it. */
export const scheduleForm = (forms: AuditForms): Html => {
  const { csrf, signInAgain } = forms;
  if (signInAgain !== undefined)
    return html`<p class="notice caution">You signed in a while ago. <a href="${signInAgain}">Sign in again</a> to schedule, pause or delete audits, so that it is surely you.</p>`;
  return html`<section class="panel" aria-labelledby="schedule-one"><h2 id="schedule-one">Schedule an audit</h2>
<form method="post" action="${tagging.routes.scheduleAudit.path}"><input type="hidden" name="csrf" value="${csrf}">${fieldsOf(forms)}
<div class="actions"><button class="button">Schedule it</button></div></form>
<p class="quiet">It waits on a page of its own until you confirm it. Each audit scans all accounts and asks what they cost, which Cost Explorer charges for.</p></section>`;
};

/** The buttons beside an audit. */
export const changeForm = (audit: AuditSchedule, { csrf, signInAgain }: AuditForms): Html | false => {
  if (signInAgain !== undefined) return false;
  const path = tagging.routes.changeAudit.path.replace(':scheduleId', encodeURIComponent(audit.scheduleId));
  const which = html`<span class="unseen"> the audit ${rhythmWords(audit)}</span>`;
  const [action, label] = audit.status === 'active' ? ['pause', 'Pause'] : ['resume', 'Resume'];
  return html`<form method="post" action="${path}"><input type="hidden" name="csrf" value="${csrf}"><div class="actions snug"><button class="button plain" name="action" value="${action}">${label}${which}</button><button class="button plain danger" name="action" value="delete">Delete${which}</button></div></form>`;
};
