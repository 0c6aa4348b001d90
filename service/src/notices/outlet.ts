/** Where messages leave the service: the senders, or in the sandbox a table that a page shows. */

import type { NoticeAddresses, NoticeChannel, NoticeMessage, NoticeSenders, SendOutcome } from '../ports/notify.ts';
import type { Tables } from '../ports/tables.ts';
import type { Recipient } from './work.ts';
import { recipientName } from './work.ts';

/** One message that is ready to be sent. */
export type Outgoing = {
  [C in NoticeChannel]: {
    readonly channel: C;
    readonly message: NoticeMessage<C>;
    readonly address: NoticeAddresses[C];
    readonly to: Recipient;
    /** When it was first to be sent. */
    readonly since: Date;
    /** What it says, in one line. */
    readonly title: string;
    /** Tool of the operation it is about. */
    readonly tool?: string;
  };
}[NoticeChannel];

export interface NoticeOutlet {
  /** Channels that it sends to. */
  readonly channels: ReadonlySet<NoticeChannel>;
  send(outgoing: Outgoing, signal: AbortSignal): Promise<SendOutcome>;
}

const absent: SendOutcome = { outcome: 'refused', because: 'this service does not send to that channel' };

export const sendersOutlet = (senders: NoticeSenders): NoticeOutlet => ({
  channels: new Set((Object.keys(senders) as NoticeChannel[]).filter((channel) => senders[channel] !== undefined)),
  async send(outgoing, signal) {
    // By channel, so that message and address are of its type.
    switch (outgoing.channel) {
      case 'mail':
        return (await senders.mail?.(outgoing.message, outgoing.address, signal)) ?? absent;
      case 'slack':
        return (await senders.slack?.(outgoing.message, outgoing.address, signal)) ?? absent;
      case 'teams':
        return (await senders.teams?.(outgoing.message, outgoing.address, signal)) ?? absent;
      case 'webhook':
        return (await senders.webhook?.(outgoing.message, outgoing.address, signal)) ?? absent;
    }
  },
});

const SANDBOX_DAYS = 7;
const DAY_SECONDS = 86_400;

/** Keeps what would have been sent. The same message is kept once, whenever it is sent again. */
export const sandboxOutlet = (tables: Pick<Tables, 'insert'>, now: () => Date): NoticeOutlet => ({
  channels: new Set<NoticeChannel>(['mail', 'slack', 'teams', 'webhook']),
  async send({ channel, message, to, title, tool, since }) {
    const at = now();
    await tables.insert('sandbox-messages', {
      box: 'sent',
      place: `${since.toISOString()}~${message.id}`,
      messageId: message.id,
      sentAt: at.toISOString(),
      channel,
      recipient: recipientName(to),
      title,
      ...(tool === undefined ? {} : { tool }),
      ...('personId' in to ? { personId: to.personId } : {}),
      body: message.body,
      expirationTime: Math.floor(at.getTime() / 1000) + SANDBOX_DAYS * DAY_SECONDS,
    });
    return { outcome: 'accepted' };
  },
});
