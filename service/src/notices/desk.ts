/** What the page about notices reads and does: one's own choices, and for admins shared channels and what was not delivered. */
import type { NoticeChannels, NoticeTopic } from '../../../contracts/notices.ts';
import type { Scope } from '../../../contracts/scopes.ts';
import type { Person } from '../auth/caller.ts';
import type { Jobs, JobView } from '../ports/jobs.ts';
import type { NoticeChannel } from '../ports/notify.ts';
import { addressOf, sharedAddress } from './addresses.ts';
import { type ChoicesStore, type NoticeChoices, type PersonalChannel, personalChannels } from './choices.ts';
import type { Paused, PausedChannels } from './paused.ts';
import { Delivery, type Recipient } from './work.ts';
import { SEND } from './workers.ts';

/** A way to a person. */
export interface OwnChannel {
  readonly channel: PersonalChannel;
  readonly paused?: Paused;
}

export interface SharedChannelState {
  readonly name: string;
  readonly channel: NoticeChannel;
  readonly topics: readonly NoticeTopic[];
  readonly reads: readonly string[];
  readonly paused?: Paused;
}

/** A message that was given up. */
export interface Undelivered {
  readonly jobId: string;
  readonly delivery: Delivery;
  readonly because: string;
  readonly attempts: number;
  readonly givenUpAt: Date;
}

export interface NoticeDesk {
  choicesOf(personId: string, scopes: ReadonlySet<Scope>): Promise<NoticeChoices>;
  choose(personId: string, choices: NoticeChoices): Promise<void>;
  /** The ways in which this service reaches the person. */
  channelsOf(person: Person): Promise<OwnChannel[]>;
  shared(): Promise<SharedChannelState[]>;
  /** The latest first. */
  undelivered(cursor?: string): Promise<{ readonly items: Undelivered[]; readonly cursor?: string }>;
  /** Sends it again, as often as a new message. @throws not_found; conflict when it is not given up any more */
  replay(jobId: string, by: string): Promise<void>;
  /** Lets a paused address be told again. False: it was not paused. */
  resume(to: Recipient, channel: NoticeChannel): Promise<boolean>;
}

export interface DeskParts {
  readonly jobs: Pick<Jobs, 'list' | 'replay' | 'get'>;
  readonly choices: ChoicesStore;
  readonly paused: PausedChannels;
  readonly shared: NoticeChannels;
  readonly channels: ReadonlySet<NoticeChannel>;
}

const PAGE = 50;

const undeliveredOf = ({ jobId, worker, payload, lastError, attempts, updatedAt }: JobView): Undelivered[] => {
  if (worker !== SEND) return [];
  // One that a later version wrote is shown there.
  const delivery = Delivery.safeParse(payload);
  if (!delivery.success) return [];
  return [{ jobId, delivery: delivery.data, because: lastError ?? 'not known', attempts, givenUpAt: updatedAt }];
};

export const openDesk = ({ jobs, choices, paused, shared, channels }: DeskParts): NoticeDesk => ({
  choicesOf: (personId, scopes) => choices.of(personId, scopes),
  choose: (personId, chosen) => choices.keep(personId, chosen),
  channelsOf: (person) =>
    Promise.all(
      personalChannels
        .filter((channel) => channels.has(channel) && addressOf(person, channel, shared) !== undefined)
        .map(async (channel) => {
          const state = await paused.of({ personId: person.personId }, channel);
          return { channel, ...(state === undefined ? {} : { paused: state }) };
        }),
    ),
  shared: () =>
    Promise.all(
      shared.channels.flatMap((one) => {
        const channel = sharedAddress(one)?.channel;
        if (channel === undefined) return [];
        const { name, topics, reads } = one;
        return [
          paused
            .of({ shared: name }, channel)
            .then((state) => ({ name, channel, topics, reads, ...(state === undefined ? {} : { paused: state }) })),
        ];
      }),
    ),
  async undelivered(cursor) {
    const found = await jobs.list('failed', { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    const items = found.items.flatMap(undeliveredOf);
    return { items, ...(found.cursor === undefined ? {} : { cursor: found.cursor }) };
  },
  async replay(jobId, by) {
    await jobs.replay(jobId, by);
  },
  resume: (to, channel) => paused.resume(to, channel),
});
