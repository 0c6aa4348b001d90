import { routes } from '../../../../contracts/routes.ts';
import type { AuditRecord } from '../../audit/record.ts';
import { count } from '../../measures/words.ts';
import { accountWords } from '../account-words.ts';
import { options } from '../fields.ts';
import { time } from '../format.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { operationHref } from '../links.ts';
import { impactWords } from '../operation/money.ts';
import type { AuditPageQuery, AuditProps } from '../props.ts';
import { dataValue } from '../value.ts';

type Result = AuditRecord['result'];

const results: Readonly<Record<Result, { readonly label: string; readonly tone: string }>> = {
  started: { label: 'Started', tone: 'still' },
  success: { label: '✓ Success', tone: 'good' },
  partial: { label: '! In part', tone: 'caution' },
  failure: { label: '✕ Failure', tone: 'bad' },
  blocked: { label: '✕ Blocked', tone: 'bad' },
};

const field = (name: keyof AuditPageQuery, label: string, value: string | undefined, more: Html): Html =>
  html`<p><label for="${name}">${label}</label><input id="${name}" name="${name}" value="${value}"${more}></p>`;

const filters = ({ query, admin, tools }: AuditProps): Html => {
  const text = html` maxlength="200" autocomplete="off"`;
  return html`<form class="filters" method="get" action="${routes.audit.path}" role="search">
${admin && field('person', 'Person, by id', query.person, text)}
${field('operation', 'Operation, by id', query.operation, text)}
${field('account', 'Account', query.account, text)}
<p><label for="tool">Tool</label><select id="tool" name="tool">${options(
    { '': 'Every tool', ...Object.fromEntries(tools.map((name) => [name, name])) },
    query.tool,
  )}</select></p>
<p><label for="result">Outcome</label><select id="result" name="result">${options(
    { '': 'Every outcome', ...Object.fromEntries(Object.entries(results).map(([name, { label }]) => [name, label])) },
    query.result,
  )}</select></p>
${field('from', 'From day (UTC)', query.from, html` type="date"`)}
${field('to', 'To day (UTC)', query.to, html` type="date"`)}
<p><button class="button plain">Show</button> <a href="${routes.audit.path}">Clear</a></p></form>`;
};

/** Characters of a value that the page shows; the whole is in the export. */
const mostShown = 1_000;

const shortened = (value: unknown): Html => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= mostShown
    ? dataValue(text)
    : html`${dataValue(`${text.slice(0, mostShown)}…`)} <span class="quiet small">${count(text.length)} characters; the export has all</span>`;
};

const statesOf = ({ before, after }: AuditRecord): Html | false => {
  const resources = new Set([...Object.keys(Object(before)), ...Object.keys(Object(after))]).size;
  return (
    resources > 0 &&
    html`<div><dt>State before and after</dt><dd>of ${count(resources)} ${resources === 1 ? 'resource' : 'resources'}; the export has it</dd></div>`
  );
};

const detail = (label: string, value: unknown): Html | false =>
  value !== undefined && html`<div><dt>${label}</dt><dd>${shortened(value)}</dd></div>`;

const details = (record: AuditRecord): Html =>
  html`<details><summary>Details<span class="unseen"> of record ${record.sequence}</span></summary><dl class="pairs">
${detail('Arguments', record.parameters)}${detail('Summary', record.summary)}${detail('Assumed', record.beliefs)}${statesOf(record)}
${detail('Approval', record.approvalId)}${detail('Snapshot of operation', record.snapshotId)}${detail('In money', record.financialImpact && impactWords(record.financialImpact))}${detail('Told', record.notificationsSent?.join(', '))}
${detail('Through', record.clientId)}${detail('Address', record.ipAddress)}${detail('Program', record.userAgent)}
${record.origin === 'upkeep' && html`<div><dt>Origin</dt><dd>The service by itself, in nobody’s request</dd></div>`}
${detail('Request', record.correlationId)}${detail('Hash', record.hash)}</dl></details>`;

const row = (record: AuditRecord, { names, accountNames }: AuditProps): Html => {
  const { timestamp, userId, tool, action, result, operationId, accountId, errorMessage, errorCode, sequence } = record;
  // A newer version may know more results: they are shown as they are called.
  const { label, tone } = Object.hasOwn(results, result) ? results[result] : { label: result, tone: 'still' };
  const name = names.get(userId);
  return html`<tr role="row"><td role="cell" data-column="When">${time(timestamp)}<br><span class="quiet small">record ${sequence}</span></td>
<td role="cell" data-column="Who"><bdi>${name ?? userId}</bdi>${name !== undefined && html`<br><span class="quiet small"><bdi>${userId}</bdi></span>`}</td>
<td role="cell" data-column="What"><code class="value">${tool}</code> ${action} <span class="badge ${tone}">${label}</span>${errorMessage !== undefined && html`<br><bdi>${errorMessage}</bdi>${errorCode !== undefined && html` <code>${errorCode}</code>`}`}${details(record)}</td>
<td role="cell" data-column="On">${operationId !== undefined && html`<a href="${operationHref(operationId)}">${operationId}</a>`}${accountId !== undefined && html`<br>account ${accountWords(accountId, accountNames)}`}${operationId === undefined && accountId === undefined && html`<span class="quiet" aria-hidden="true">–</span>`}</td></tr>`;
};

// The roles keep this a table for screen readers where the stylesheet stacks its cells on a narrow screen.
const table = (props: AuditProps): Html =>
  html`<table class="grid stacked audit" role="table"><caption class="unseen">Records of the audit log, newest first</caption><thead role="rowgroup"><tr role="row">${['When', 'Who', 'What', 'On'].map((column) => html`<th scope="col" role="columnheader">${column}</th>`)}</tr></thead><tbody role="rowgroup">${props.records.map((record) => row(record, props))}</tbody></table>`;

const none = ({ older, later }: AuditProps): Html =>
  html`<div class="empty panel"><p><strong>${
    older === undefined ? 'No record fits this.' : 'None of the records that were looked through fits this.'
  }</strong></p><p class="quiet">${
    older === undefined
      ? later
        ? 'There is none that is older.'
        : 'Choose another time, or fewer words.'
      : 'Older ones may: look further back.'
  }</p></div>`;

const pager = ({ older, later, newest }: AuditProps): Html | false =>
  (older !== undefined || later) &&
  html`<nav class="pager" aria-label="More records">${later && html`<a href="${newest}" rel="prev">← Newest</a>`}${older !== undefined && html`<a href="${older}" rel="next">Older records →</a>`}</nav>`;

const exportForm = ({ query, csrf, mostExported, mostInWorkbook }: AuditProps): Html =>
  html`<section class="panel" aria-labelledby="export"><h2 id="export">Export</h2>
<p class="small">All records that fit, not only this page, newest first, ${count(mostExported)} at most. What is exported is recorded in the audit log.</p>
<form method="post" action="${routes.exportAudit.path}"><input type="hidden" name="csrf" value="${csrf}">${Object.entries(
    query,
  ).map(
    ([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}">`,
  )}<div class="actions"><button class="button plain" name="format" value="csv">CSV, for a spreadsheet</button><button class="button plain" name="format" value="xlsx">Excel, at most ${count(mostInWorkbook)} records</button><button class="button plain" name="format" value="ndjson">NDJSON, for a program</button></div></form></section>`;

/** The audit log, cut down to what is asked for. The form of the export posts the same query, `format` and `csrf`. */
export const auditPage = (props: AuditProps): string =>
  page({
    frame: props,
    title: 'Audit log',
    current: routes.audit.path,
    width: 'sheet',
    main: html`<h1>Audit log</h1>
<p class="lead">${props.shown} Records can be added, never changed or removed.</p>
${filters(props)}
${props.records.length === 0 ? none(props) : table(props)}
${pager(props)}
${exportForm(props)}`,
  });
