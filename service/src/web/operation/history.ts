/** What happened to an operation, from its audit records. */
import type { AuditRecord } from '../../audit/record.ts';
import type { Operation } from '../../operations/operation.ts';
import { time } from '../format.ts';
import { type Html, html } from '../html.ts';
import { dataValue } from '../value.ts';

const did: Readonly<Record<AuditRecord['action'], string>> = {
  read: 'Read',
  write: 'Applied',
  delete: 'Removed',
  plan: 'Planned',
  approve: 'Countersigned',
  deny: 'Denied',
  confirm: 'Confirmed',
  expire: 'Expired',
  revert: 'Reverted',
  authorize: 'Authorized',
  'dry-run': 'Tried without effect',
};

const ended: Readonly<Record<AuditRecord['result'], string>> = {
  started: ': started',
  success: '',
  partial: ' in part',
  failure: ': failed',
  blocked: ': refused',
};

const tones: Readonly<Record<AuditRecord['result'], string>> = {
  started: 'still',
  success: 'good',
  partial: 'caution',
  failure: 'bad',
  blocked: 'bad',
};

/** People the operation itself names; a record holds ids only. */
const namesOf = (operation: Operation): Map<string, string> =>
  new Map(
    [operation.requester, ...operation.approvals.map((approval) => approval.by)].map(({ personId, name }) => [
      personId,
      name,
    ]),
  );

const commentOf = (operation: Operation, record: AuditRecord): string | undefined =>
  operation.approvals.find(
    (approval) =>
      approval.decision === record.action && approval.by.personId === record.userId && record.result === 'success',
  )?.comment;

const entry = (operation: Operation, record: AuditRecord, names: ReadonlyMap<string, string>): Html => {
  const comment = commentOf(operation, record);
  return html`<li class="${tones[record.result]}"><p><strong>${did[record.action]}${ended[record.result]}</strong> by <bdi>${names.get(record.userId) ?? record.userId}</bdi></p>
<p class="quiet small">${time(record.timestamp)}${record.clientId !== undefined && html` · through <code>${record.clientId}</code>`} · record ${record.sequence} <code>${record.hash.slice(0, 12)}</code></p>
${comment !== undefined && html`<blockquote>${dataValue(comment)}</blockquote>`}
${record.errorMessage !== undefined && html`<p class="small"><bdi>${record.errorMessage}</bdi>${record.errorCode !== undefined && html` <code>${record.errorCode}</code>`}</p>`}</li>`;
};

/** The timeline, newest last. */
export const historySection = (operation: Operation, history: readonly AuditRecord[]): Html => {
  const names = namesOf(operation);
  return html`<section aria-labelledby="history"><h2 id="history">What happened</h2>${
    history.length === 0
      ? html`<p class="quiet">No audit record yet.</p>`
      : html`<ol class="timeline">${history.map((record) => entry(operation, record, names))}</ol>`
  }</section>`;
};
