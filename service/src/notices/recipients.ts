/** Everybody who is told of a cause: people by what they chose, and shared channels by what an operator wrote. */
import type { NoticeChannels, SharedChannel } from '../../../contracts/notices.ts';
import type { Audit } from '../audit/port.ts';
import type { Person } from '../auth/caller.ts';
import type { People } from '../auth/people.ts';
import type { NoticeChannel } from '../ports/notify.ts';
import { type Addressed, addressOf, sharedAddress } from './addresses.ts';
import { type ChoicesStore, personalChannels } from './choices.ts';
import { composing } from './compose.ts';
import type { Compose, Composed, ComposeParts } from './parts.ts';
import type { PausedChannels } from './paused.ts';
import { readerOf, readersOfChannel } from './readers.ts';
import { type Delivery, isAddressedTo, type NoticeCause } from './work.ts';

export interface RecipientParts extends ComposeParts {
  readonly audit: Pick<Audit, 'append'>;
  readonly people: Pick<People, 'find'>;
  readonly choices: ChoicesStore;
  readonly paused: PausedChannels;
  readonly shared: NoticeChannels;
  /** Names of the enabled packs. */
  readonly packs: readonly string[];
  /** Channels that this service sends to. */
  readonly channels: ReadonlySet<NoticeChannel>;
}

/** One message that may be sent now. */
export interface Ready {
  readonly composed: Composed;
  readonly addressed: Addressed;
  readonly delivery: Delivery;
}

/** Whom there is to ask at once: each takes a few reads. */
const AT_ONCE = 20;

/** What the person is told of it, on each channel that they chose and that reaches them. */
const forPerson = async (
  parts: RecipientParts,
  cause: NoticeCause,
  tell: Compose,
  person: Person,
): Promise<Ready[]> => {
  const to = { personId: person.personId };
  if (!isAddressedTo(cause, to)) return [];
  const reader = readerOf(person, parts.packs);
  const choices = await parts.choices.of(person.personId, reader.scopes);
  // Before it is counted: most people want none.
  if (cause.of === 'summary' && cause.every !== choices.summaries) return [];
  const composed = await tell(reader);
  if (composed === undefined) return [];
  const chosen =
    cause.of === 'addressed'
      ? personalChannels.filter((channel) => cause.to.by.includes(channel))
      : new Set(composed.topics.flatMap((topic) => choices[topic]));
  return [...chosen].flatMap((channel): Ready[] => {
    const addressed = parts.channels.has(channel) ? addressOf(person, channel, parts.shared) : undefined;
    return addressed === undefined ? [] : [{ composed, addressed, delivery: { cause, channel, to } }];
  });
};

/** Undefined where the channel is not for it. The summary of an hour is for people. */
const forChannel = async (
  parts: RecipientParts,
  cause: NoticeCause,
  tell: Compose,
  shared: SharedChannel,
): Promise<Ready[]> => {
  const addressed = sharedAddress(shared);
  if (!isAddressedTo(cause, { shared: shared.name })) return [];
  if (addressed === undefined || !parts.channels.has(addressed.channel)) return [];
  if (cause.of === 'summary' && (cause.every === 'hour' || !shared.topics.includes('summary'))) return [];
  const composed = await tell(readersOfChannel(shared, parts.packs));
  const isWanted =
    cause.of === 'addressed'
      ? cause.to.by.includes(addressed.channel)
      : composed?.topics.some((topic) => shared.topics.includes(topic));
  if (composed === undefined || !isWanted) return [];
  return [{ composed, addressed, delivery: { cause, channel: addressed.channel, to: { shared: shared.name } } }];
};

/** Everybody who is to be told, but for addresses that take nothing any more. */
export const recipientsOf = async (parts: RecipientParts, cause: NoticeCause): Promise<Delivery[]> => {
  const tell = await composing(parts, cause);
  const people = await parts.directory.all();
  const ready: Ready[] = [];
  for (let at = 0; at < people.length; at += AT_ONCE) {
    const some = people.slice(at, at + AT_ONCE);
    ready.push(...(await Promise.all(some.map((person) => forPerson(parts, cause, tell, person)))).flat());
  }
  for (const shared of parts.shared.channels) ready.push(...(await forChannel(parts, cause, tell, shared)));
  const paused = await Promise.all(ready.map(({ delivery: { to, channel } }) => parts.paused.of(to, channel)));
  return ready.filter((_, place) => paused[place] === undefined).map(({ delivery }) => delivery);
};

/** The message again, as of this moment. Undefined: it is over, or the recipient may not or does not want to know. */
export const readyNow = async (parts: RecipientParts, { cause, channel, to }: Delivery): Promise<Ready | undefined> => {
  const tell = await composing(parts, cause);
  if ('shared' in to) {
    const shared = parts.shared.channels.find(({ name }) => name === to.shared);
    return shared && (await forChannel(parts, cause, tell, shared)).find((one) => one.delivery.channel === channel);
  }
  const person = await parts.people.find(to.personId);
  return person && (await forPerson(parts, cause, tell, person)).find((one) => one.delivery.channel === channel);
};
