import { routes } from '../../../../contracts/routes.ts';
import { plural } from '../../measures/words.ts';
import type { JobSchedule, JobStatus, JobView } from '../../ports/jobs.ts';
import { time } from '../format.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { jobHref } from '../links.ts';
import type { JobsProps } from '../props.ts';

const words: Readonly<Record<JobStatus, { readonly label: string; readonly tone: string; readonly sign: string }>> = {
  waiting: { label: 'Waiting', tone: 'wait', sign: '◔' },
  running: { label: 'Running', tone: 'wait', sign: '◑' },
  done: { label: 'Done', tone: 'good', sign: '✓' },
  failed: { label: 'Failed', tone: 'bad', sign: '✕' },
  cancelled: { label: 'Cancelled', tone: 'still', sign: '–' },
  superseded: { label: 'Superseded', tone: 'still', sign: '↶' },
};

const badge = (status: JobStatus): Html => {
  const { label, tone, sign } = words[status];
  return html`<span class="badge ${tone}"><span class="sign" aria-hidden="true">${sign}</span>${label}</span>`;
};

const iso = (at: Date): string => at.toISOString();

/** What a form does with a job in this state. */
const decisions: Readonly<Partial<Record<JobStatus, { readonly action: string; readonly label: string }>>> = {
  waiting: { action: 'cancel', label: 'Cancel' },
  running: { action: 'cancel', label: 'Cancel' },
  failed: { action: 'replay', label: 'Try again' },
  cancelled: { action: 'replay', label: 'Try again' },
};

const form = ({ jobId, status, worker }: JobView, { csrf }: JobsProps): Html | undefined => {
  const decision = decisions[status];
  return (
    decision &&
    html`<form method="post" action="${jobHref(jobId)}"><input type="hidden" name="csrf" value="${csrf}"><div class="actions"><button class="button plain${decision.action === 'cancel' && ' danger'}" name="action" value="${decision.action}">${decision.label}<span class="unseen"> ${worker}</span></button></div></form>`
  );
};

const progressOf = ({ progress }: JobView): Html | undefined =>
  progress &&
  html`<p>${progress.done}${progress.total !== undefined && html` of ${progress.total}`} done${progress.note !== undefined && html`: <bdi>${progress.note}</bdi>`}${
    progress.total !== undefined && html` <progress value="${progress.done}" max="${progress.total}"></progress>`
  }</p>`;

const when = ({ status, notBefore, updatedAt, attempts }: JobView): Html => {
  const tries = attempts > 0 && html` · ${plural(attempts, 'try', 'tries')}`;
  if (status === 'waiting') return html`${attempts > 0 ? 'next try' : 'begins'} ${time(iso(notBefore))}${tries}`;
  return html`${status === 'running' ? 'last heard of' : 'ended'} ${time(iso(updatedAt))}${tries}`;
};

const json = (value: unknown): string => JSON.stringify(value, null, 1) ?? '';

const details = ({ jobId, payload, result }: JobView): Html =>
  html`<details><summary>Technical details</summary><dl class="facts"><dt>Job</dt><dd><code class="value">${jobId}</code></dd><dt>Payload</dt><dd><code class="value">${json(payload)}</code></dd>${
    result !== undefined && html`<dt>Result</dt><dd><code class="value">${json(result)}</code></dd>`
  }</dl></details>`;

const item = (job: JobView, mayDecide: boolean, title: string, props: JobsProps): Html => {
  const { occurrence, lastError, requestedBy, decidedBy } = job;
  return html`<li class="item panel"><h3>${job.worker} ${badge(job.status)}</h3>
<p class="quiet small">${title} · ${when(job)}${requestedBy !== undefined && html` · asked for by <bdi>${requestedBy}</bdi>`}${decidedBy !== undefined && html` · decided by <bdi>${decidedBy}</bdi>`}</p>
${occurrence && html`<p class="quiet small">Due by its schedule ${time(iso(occurrence.at))}${occurrence.skipped > 0 && html`, after ${plural(occurrence.skipped, 'missed occurrence')}`}</p>`}
${progressOf(job)}
${lastError !== undefined && html`<p class="notice caution"><bdi>${lastError}</bdi></p>`}
${mayDecide && details(job)}${mayDecide && form(job, props)}</li>`;
};

const choices = (props: JobsProps): Html =>
  html`<nav aria-label="Status"><ul class="chips">${props.choices.map(
    ({ href, label, current }) =>
      html`<li><a class="choose" href="${href}"${current && html` aria-current="true"`}>${label}</a></li>`,
  )}</ul></nav>`;

const scheduled = ({ name, worker, cron, timeZone, nextAt, lastAt, skipped }: JobSchedule, title: string): Html =>
  html`<li class="item panel"><h3>${name}</h3><p class="quiet small">${title} · <code>${cron}</code> in ${timeZone} · for ${worker}</p><p>${
    nextAt === undefined ? 'It never comes again.' : html`Next ${time(iso(nextAt))}`
  }${lastAt !== undefined && html` · last ${time(iso(lastAt))}`}${skipped > 0 && html` · ${plural(skipped, 'occurrence')} missed`}</p></li>`;

/** Jobs of the packs that the visitor sees, with forms that cancel them and try them again. Posts `csrf` and `action`. */
export const jobsPage = (props: JobsProps): string =>
  page({
    frame: props,
    title: 'Jobs',
    current: routes.jobs.path,
    width: 'sheet',
    main: html`<h1>Jobs</h1><p class="lead">Work that goes on after a request: what runs, what waits, and what failed and is kept until somebody tries it again.</p>
${props.notice !== undefined && html`<div class="notice success" role="status"><p>${props.notice}</p></div>`}${choices(props)}
<h2>${props.heading}</h2>${props.jobs.length === 0 && html`<p class="quiet">There is none.</p>`}
<ul class="items">${props.jobs.map(({ job, mayDecide, title }) => item(job, mayDecide, title, props))}</ul>
${props.older.map(({ href, label }) => html`<p><a href="${href}">${label}</a></p>`)}
${props.schedules.length > 0 && html`<h2>Schedules</h2><ul class="items">${props.schedules.map(({ schedule, title }) => scheduled(schedule, title))}</ul>`}`,
  });
