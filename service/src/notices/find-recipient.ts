/** Whom a mail address or the name of a channel means, among those whom the service knows. */
import type { NoticeChannels } from '../../../contracts/notices.ts';
import type { Scope } from '../../../contracts/scopes.ts';
import type { Directory } from '../auth/directory.ts';
import type { NoticeChannel, ReachableRecipient } from '../ports/notify.ts';
import { addressOf, sharedAddress } from './addresses.ts';
import { personalChannels } from './choices.ts';
import { readerOf, readersOfChannel } from './readers.ts';

export interface FindParts {
  readonly directory: Directory;
  readonly shared: NoticeChannels;
  /** Channels that this service sends to. */
  readonly channels: ReadonlySet<NoticeChannel>;
  /** Names of the enabled packs. */
  readonly packs: readonly string[];
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const findShared = ({ shared, channels, packs }: FindParts, written: string, scope: Scope) => {
  const found = shared.channels.find((channel) =>
    written.startsWith('#')
      ? isSame(`#${channel.name}`, written)
      : channel.mail !== undefined && isSame(channel.mail, written),
  );
  const way = found && sharedAddress(found)?.channel;
  if (found === undefined || way === undefined || !channels.has(way)) return undefined;
  return readersOfChannel(found, packs).scopes.has(scope)
    ? { recipient: { shared: found.name }, channels: [way] }
    : undefined;
};

/** See Notify.find. An address that several people have means none of them. */
export const findRecipient = async (
  parts: FindParts,
  written: string,
  scope: Scope,
): Promise<ReachableRecipient | undefined> => {
  const shared = findShared(parts, written, scope);
  if (shared !== undefined || written.startsWith('#')) return shared;
  const [person, ...others] = (await parts.directory.all()).filter(({ email }) => isSame(email, written));
  if (person === undefined || others.length > 0) return undefined;
  if (!readerOf(person, parts.packs).scopes.has(scope)) return undefined;
  const channels = personalChannels.filter(
    (channel) => parts.channels.has(channel) && addressOf(person, channel, parts.shared) !== undefined,
  );
  return { recipient: { personId: person.personId }, channels };
};
