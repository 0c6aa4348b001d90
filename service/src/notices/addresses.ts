/** Where a message goes, by the configuration of this moment: no address with a key is kept in the queue or in a table. */
import type { NoticeChannels, SharedChannel } from '../../../contracts/notices.ts';
import type { Person } from '../auth/caller.ts';
import type { NoticeAddresses, NoticeChannel } from '../ports/notify.ts';
import type { PersonalChannel } from './choices.ts';

/** A channel with an address of it. */
export type Addressed<C extends NoticeChannel = NoticeChannel> = {
  [K in C]: { readonly channel: K; readonly address: NoticeAddresses[K] };
}[C];

/** Undefined where the person cannot be reached so. */
export const addressOf = (
  person: Person,
  channel: PersonalChannel,
  { slack_app_token: token }: Pick<NoticeChannels, 'slack_app_token'>,
): Addressed<PersonalChannel> | undefined => {
  if (person.email === '') return undefined;
  if (channel === 'mail') return { channel, address: { to: person.email } };
  return token === undefined ? undefined : { channel, address: { kind: 'person', token, email: person.email } };
};

export const sharedAddress = ({ slack, teams, webhook, secrets, mail }: SharedChannel): Addressed | undefined => {
  if (slack !== undefined) return { channel: 'slack', address: { kind: 'incoming-webhook', url: slack } };
  if (teams !== undefined) return { channel: 'teams', address: { url: teams } };
  if (webhook !== undefined && secrets !== undefined) return { channel: 'webhook', address: { url: webhook, secrets } };
  if (mail !== undefined) return { channel: 'mail', address: { to: mail } };
  return undefined;
};

/** What the sandbox tells beside its people, so that each channel can be looked at. Nothing leaves the process. */
export const sandboxChannels = (reads: SharedChannel['reads']): NoticeChannels => ({
  slack_app_token: 'xoxb-sandbox',
  channels: [
    {
      name: 'approvers',
      topics: ['waiting', 'outcomes', 'summary'],
      reads,
      slack: 'https://hooks.slack.com/services/sandbox',
    },
    { name: 'team', topics: ['waiting', 'applied', 'packs'], reads, teams: 'https://example.com/workflows/sandbox' },
    { name: 'finops', topics: ['packs'], reads, mail: 'finops@example.com' },
    {
      name: 'security-log',
      topics: ['security', 'outcomes'],
      reads: ['admin'],
      webhook: 'https://example.com/hooks/sandbox',
      secrets: ['whsec_c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveA=='],
    },
  ],
});
