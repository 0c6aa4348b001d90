/** What happened to an operation, from its audit records. */
import type { AuditRecord } from '../../audit/record.ts';
import type { Operation } from '../../operations/operation.ts';
import { clientLine } from '../client.ts';
import { time } from '../format.ts';
import { type Html, html } from '../html.ts';
import { operationHref } from '../links.ts';
import type { OperationProps } from '../props.ts';
import { prose } from '../value.ts';
import { impactWords } from './money.ts';

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

const answers: ReadonlySet<AuditRecord['action']> = new Set(['approve', 'confirm', 'deny']);

/** What a requester does to their own request is recorded as denying it. */
const withdrawing = ['Withdrawn', 'Withdrawing'] as const;

/** Messages are recorded as written, whatever they tell. */
const telling = ['Told', 'Telling'] as const;

const phrase = ({ requester }: Operation, { action, result, userId, tool }: AuditRecord): string => {
  // A newer version may know more actions and results: they are shown as they are called.
  const known = Object.hasOwn(words, action) ? words[action] : ([action, action] as const);
  const [did, noun] =
    tool === 'notices' ? telling : action === 'deny' && userId === requester.personId ? withdrawing : known;
  const phrases: Readonly<Record<AuditRecord['result'], string>> = {
    started: `${noun} started`,
    success: did,
    partial: `${did} in part`,
    failure: `${noun} failed`,
    blocked: `${noun} was refused`,
  };
  return Object.hasOwn(phrases, result) ? phrases[result] : `${noun}: ${result}`;
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
      (approval.decision === 'withdraw' ? 'deny' : approval.decision) === record.action &&
      approval.by.personId === record.userId &&
      record.result === 'success',
  )?.comment;

type Clients = NonNullable<OperationProps['clients']>;

/** An id that is an address names its host (a client metadata document); any other says nothing, but is all there is. */
const through = (clientId: string, clients: Clients | undefined): Html => {
  const client = clients?.get(clientId);
  if (client) return clientLine(client);
  return html`${URL.parse(clientId)?.host || html`<code>${clientId}</code>`}`;
};

const operationLink = (operationId: string): Html => html`<a href="${operationHref(operationId)}">${operationId}</a>`;

/** Its plan leads to what it undoes. */
const purpose = ({ reverts }: Operation, { action, result }: AuditRecord): Html | false =>
  reverts !== undefined &&
  action === 'plan' &&
  result === 'success' &&
  html`<p class="small">To revert ${operationLink(reverts)}</p>`;

/** The end that is another operation's doing, and so in that one's records. */
const reverted = ({ status, revertedBy, updatedAt }: Operation): Html | false =>
  status === 'reverted' &&
  html`<li class="still"><p><strong>Reverted</strong>${revertedBy !== undefined && html` · by ${operationLink(revertedBy)}`}</p>
<p class="quiet small">${time(updatedAt)}</p></li>`;

interface Names {
  readonly people: ReadonlyMap<string, string>;
  readonly clients: Clients | undefined;
}

const isMessage = ({ tool, result }: AuditRecord): boolean => tool === 'notices' && result === 'success';

const noticeOf = ({ parameters }: AuditRecord): unknown => Object(parameters).notice;

/** Messages about one thing that follow each other, as one entry: an approver each would hide what happened. */
const gathered = (records: readonly AuditRecord[]): AuditRecord[] => {
  const all: AuditRecord[] = [];
  for (const record of records) {
    const before = all.at(-1);
    const isSame =
      before !== undefined && isMessage(before) && isMessage(record) && noticeOf(before) === noticeOf(record);
    if (!isSame) all.push(record);
    else {
      const sent = [...(before.notificationsSent ?? []), ...(record.notificationsSent ?? [])];
      all.splice(-1, 1, { ...before, notificationsSent: sent });
    }
  }
  return all;
};

/** `mail ben` as `mail to Ben`; without a name the channel alone. */
const toldWords = ({ notificationsSent = [] }: AuditRecord, people: Names['people']): string =>
  notificationsSent
    .map((told) => {
      const [channel = '', ...rest] = told.split(' ');
      const to = rest.join(' ');
      return to === '' ? channel : `${channel} to ${people.get(to) ?? to}`;
    })
    .join(', ');

const message = (record: AuditRecord, { people }: Names): Html =>
  html`<li class="still"><p><strong>Told</strong> · <bdi>${toldWords(record, people)}</bdi></p>
<p class="quiet small">${time(record.timestamp)} · <code>${String(noticeOf(record) ?? '')}</code> · <span class="unbroken">record ${record.sequence} <code>${record.hash.slice(0, 12)}</code></span></p></li>`;

const kept = ({ snapshotId, financialImpact }: AuditRecord): Html | false =>
  (snapshotId !== undefined || financialImpact !== undefined) &&
  html`<p class="quiet small">${[
    ...(snapshotId === undefined ? [] : ['What was there before is kept']),
    ...(financialImpact === undefined ? [] : [impactWords(financialImpact)]),
  ].join(' · ')}</p>`;

const entry = (operation: Operation, record: AuditRecord, { people, clients }: Names): Html => {
  const comment = commentOf(operation, record);
  return html`<li class="${tones[record.result]}"><p><strong>${phrase(operation, record)}</strong> · <bdi>${people.get(record.userId) ?? record.userId}</bdi></p>
<p class="quiet small">${time(record.timestamp)}${record.clientId !== undefined && html` · through ${through(record.clientId, clients)}`}${record.origin === 'upkeep' && ' · by the service itself, without a request'} · <span class="unbroken">record ${record.sequence} <code>${record.hash.slice(0, 12)}</code></span></p>
${purpose(operation, record)}${kept(record)}${comment !== undefined && html`<blockquote>${prose(comment)}</blockquote>`}
${record.errorMessage !== undefined && html`<p class="small"><bdi>${record.errorMessage}</bdi>${record.errorCode !== undefined && html` <code>${record.errorCode}</code>`}</p>`}</li>`;
};

/** An answer whose form was not filled in was never given: it is in the audit log, and no part of what happened. */
const happened = ({ action, result, errorCode }: AuditRecord): boolean =>
  !(answers.has(action) && result === 'blocked' && errorCode === 'invalid_input');

/** The timeline, newest last. */
export const historySection = ({ operation, history, clients }: OperationProps): Html => {
  const names = { people: namesOf(operation), clients };
  return html`<section aria-labelledby="history"><h2 id="history">What happened</h2>${
    history.filter(happened).length === 0
      ? html`<p class="quiet">No audit record yet.</p>`
      : html`<ol class="timeline">${gathered(history.filter(happened)).map((record) =>
          isMessage(record) ? message(record, names) : entry(operation, record, names),
        )}${reverted(operation)}</ol>`
  }</section>`;
};
