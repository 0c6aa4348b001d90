/** Props of the pages about notices: an administrator's, with all that can go wrong, and hostile values in between. */
import type { NoticesProps, SentNoticesProps } from '../../src/web/props.ts';
import { attacks, frame, now } from './fixtures.ts';

export const noticesProps: NoticesProps = {
  ...frame,
  channels: [
    { name: 'mail', label: 'Mail to ada@example.com' },
    {
      name: 'slack',
      label: 'Slack, as a direct message',
      paused: { because: 'Slack knows nobody of this address', since: '2026-11-20T08:30:00.000Z' },
    },
  ],
  topics: [
    { name: 'waiting', title: 'Changes that wait for your answer', text: 'Once, then a reminder.', on: ['mail'] },
    { name: 'summary', title: 'Summary', text: 'How many changes wait.', on: [] },
  ],
  summaries: [
    { value: 'never', label: 'Never', chosen: true },
    { value: 'day', label: 'Every day at 08:00', chosen: false },
  ],
  notice: 'Your choices are saved.',
  sandboxHref: '/notices/sent',
  shared: [
    { name: 'leads', label: 'Slack', topics: ['Changes that wait for your answer', 'Summary'], reads: ['tag:read'] },
    {
      name: 'security-log',
      label: 'Webhook',
      topics: ['Security'],
      reads: ['admin'],
      paused: { because: 'the receiver answered 410', since: '2026-11-20T08:30:00.000Z' },
    },
  ],
  undelivered: Object.values(attacks).map((attack, index) => ({
    jobId: `job-${index}`,
    what: attack,
    operationId: attack,
    to: attack,
    channel: 'Slack',
    because: attack,
    attempts: 10,
    at: now,
  })),
  moreHref: '/notices?cursor=next',
};

export const sentProps: SentNoticesProps = {
  ...frame,
  messages: Object.values(attacks).map((attack) => ({
    to: attack,
    channel: 'Mail',
    at: now,
    title: attack,
    parts: [
      { name: 'Subject and text', text: `Subject: ${attack}\n\n${attack}`, open: true },
      { name: 'As HTML', text: attack, open: false },
    ],
  })),
  moreHref: '/notices/sent?cursor=next',
};
