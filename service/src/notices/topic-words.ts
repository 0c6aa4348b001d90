/** Topics and channels as pages name them. */
import type { NoticeTopic } from '../../../contracts/notices.ts';
import type { NoticeChannel } from '../ports/notify.ts';
import type { OperationNotice } from './transitions.ts';
import type { NoticeCause } from './work.ts';

export const topicWords: Readonly<Record<NoticeTopic, { readonly title: string; readonly text: string }>> = {
  waiting: {
    title: 'Changes and requests for access that wait for your answer',
    text: 'Once when one begins to wait, a reminder, and once more before it expires.',
  },
  outcomes: {
    title: 'What you asked for',
    text: 'When a change of yours is approved, applied, denied, expired or failed, and when access of yours is given, refused, ends soon or has ended.',
  },
  applied: { title: 'Changes of everybody', text: 'Each change that was applied, as far as you may see it.' },
  access: {
    title: 'Access of others to accounts',
    text: 'What became of access that you may decide about: given, refused, expired, ended or taken away.',
  },
  security: {
    title: 'Security',
    text: 'Refused answers and calls that an administrator should look at: for each person and reason one an hour at most, and for each account that nobody approved one a day.',
  },
  packs: { title: 'Messages of tool packs', text: 'What a tool pack has to tell you.' },
  summary: {
    title: 'Summary',
    text: 'How many changes wait and how many were applied, denied, expired or failed. None is sent where there is nothing to tell.',
  },
};

export const channelWords: Readonly<Record<NoticeChannel, string>> = {
  mail: 'Mail',
  slack: 'Slack',
  teams: 'Teams',
  webhook: 'Webhook',
};

const operationWords: Readonly<Record<OperationNotice, string>> = {
  waiting: 'A change waits for an answer',
  reminder: 'Reminder of a change that waits',
  expiring: 'A change is about to expire',
  approved: 'A change was approved',
  applied: 'A change was applied',
  denied: 'A change was denied',
  expired: 'A change expired',
  failed: 'A change failed',
};

type CauseOf<K extends NoticeCause['of']> = Extract<NoticeCause, { of: K }>;

const requestWords: Readonly<Record<CauseOf<'access-request'>['notice'], string>> = {
  waiting: 'A request for access waits for an answer',
  reminder: 'Reminder of a request for access',
  expiring: 'A request for access is about to expire',
  approved: 'A request for access was approved',
  rejected: 'A request for access was rejected',
  expired: 'A request for access expired',
};

const accessWords: Readonly<Record<CauseOf<'access'>['notice'], string>> = {
  ending: 'Access to accounts ends soon',
  ended: 'Access to accounts has ended',
  revoked: 'Access to an account was taken away',
};

/** What a message is about, without its text. */
export const causeWords = (cause: NoticeCause): string => {
  switch (cause.of) {
    case 'operation':
      return operationWords[cause.notice];
    case 'access-request':
      return requestWords[cause.notice];
    case 'access':
      return accessWords[cause.notice];
    case 'security':
      return `Security: ${cause.code}`;
    case 'pack':
    case 'addressed':
      return cause.headline;
    case 'summary':
      return cause.every === 'day' ? 'Summary of a day' : 'Summary of an hour';
  }
};
