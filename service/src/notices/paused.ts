/** Addresses that answered that they take nothing any more: nothing is sent there until somebody says that it is mended. */

import type { NoticeChannel } from '../ports/notify.ts';
import type { Tables } from '../ports/tables.ts';
import type { Recipient } from './work.ts';

export interface Paused {
  readonly because: string;
  readonly pausedAt: string;
}

export interface PausedChannels {
  of(to: Recipient, channel: NoticeChannel): Promise<Paused | undefined>;
  pause(to: Recipient, channel: NoticeChannel, because: string): Promise<void>;
  /** False: it was not paused. */
  resume(to: Recipient, channel: NoticeChannel): Promise<boolean>;
}

const keyOf = (to: Recipient, channel: NoticeChannel) => ({
  channel: 'shared' in to ? `shared:${to.shared}` : `${channel}:${to.personId}`,
});

export const openPaused = (tables: Pick<Tables, 'get' | 'put' | 'remove'>, now: () => Date): PausedChannels => ({
  of: (to, channel) => tables.get('paused-channels', keyOf(to, channel)),
  async pause(to, channel, because) {
    await tables.put('paused-channels', { ...keyOf(to, channel), because, pausedAt: now().toISOString() });
  },
  resume: (to, channel) => tables.remove('paused-channels', keyOf(to, channel)),
});
