/** What happened to an operation, from its audit records. */
import type { AuditRecord } from '../../audit/record.ts';
import type { Operation } from '../../operations/operation.ts';
import { time } from '../format.ts';
import { type Html, html } from '../html.ts';
import { prose } from '../value.ts';

/** Each action as it reads when it succeeded, and as a thing that did not. */
const words: Readonly<Record<AuditRecord['action'], readonly [did: string, noun: string]>> = {
  read: ['Read', 'Reading'],
  write: ['Applied', 'Applying'],
  delete: ['Removed', 'Removing'],
  plan: ['Planned', 'Planning'],
  approve: ['Countersigned', 'Countersigning'],
  deny: ['Denied', 'Denying'],
  confirm: ['Confirmed', 'Confirming'],
  expire: ['Expired', 'Expiring'],
  revert: ['Applied, as a revert', 'Reverting'],
  authorize: ['Authorized', 'Authorizing'],
  'dry-run': ['Tried without effect', 'Trying'],
};

const phrase = ({ action, result }: AuditRecord): string => {
  const [did, noun] = words[action];
  const phrases: Readonly<Record<AuditRecord['result'], string>> = {
    started: `${noun} started`,
    success: did,
    partial: `${did} in part`,
    failure: `${noun} failed`,
    blocked: `${noun} was refused`,
  };
  return phrases[result];
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
  return html`<li class="${tones[record.result]}"><p><strong>${phrase(record)}</strong> · <bdi>${names.get(record.userId) ?? record.userId}</bdi></p>
<p class="quiet small">${time(record.timestamp)}${record.clientId !== undefined && html` · through <code>${record.clientId}</code>`} · record ${record.sequence} <code>${record.hash.slice(0, 12)}</code></p>
${comment !== undefined && html`<blockquote>${prose(comment)}</blockquote>`}
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
