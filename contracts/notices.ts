/** What people and shared channels can be told, and how an operator says where the shared channels are. */
import { z } from 'zod';
import { isScope, type Scope } from './scopes.ts';

/**
 * waiting: changes that wait for an answer. outcomes: what became of a change, for whoever asked for it; a shared channel
 * is told of everybody's. applied: every change that was applied. access: other people's requests for
 * access to accounts and what became of them, for managers and admins. security: refusals that somebody should look at.
 * packs: what a tool pack itself has to say. summary: counts, every hour or day.
 */
export const noticeTopics = ['waiting', 'outcomes', 'applied', 'access', 'security', 'packs', 'summary'] as const;
export type NoticeTopic = (typeof noticeTopics)[number];

/** https, and http on this machine, where stand-ins listen. */
const receiver = z
  .url({ error: 'must be a URL' })
  .refine((url) => /^https:|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(url), 'must be an https URL');

/** Standard Webhooks: base64 of 24 to 64 bytes. */
const signingSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/, 'must be whsec_ and base64 of 24 to 64 bytes');

const scope = z.string().refine((name): name is Scope => isScope(name), 'names an unknown scope');

// A member is not quoted: it may be a URL that is a key.
const strict = (issue: { readonly code?: string }) =>
  issue.code === 'unrecognized_keys' ? 'has a member that is not known' : undefined;

export const SharedChannel = z
  .strictObject(
    {
      /** What pages and logs call it; its URL is never shown. */
      name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1 to 40 lower-case letters, digits and hyphens'),
      topics: z.array(z.enum(noticeTopics)).min(1),
      /** Scopes that everybody who reads the channel has: it is told nothing that they would not let a person see. */
      reads: z.array(scope).min(1),
      /** URL of an incoming webhook of Slack. */
      slack: receiver.optional(),
      /** URL of a Teams Workflow that posts cards. */
      teams: receiver.optional(),
      /** URL that takes messages signed by Standard Webhooks. */
      webhook: receiver.optional(),
      /** A mailbox that several people read. */
      mail: z.email({ error: 'must be a mail address' }).optional(),
      /** Keys of the webhook; several while they are changed. */
      secrets: z.array(signingSecret).min(1).max(5).optional(),
    },
    { error: strict },
  )
  .refine(
    ({ slack, teams, webhook, mail }) => [slack, teams, webhook, mail].filter((one) => one !== undefined).length === 1,
    'a channel has exactly one of slack, teams, webhook and mail',
  )
  .refine(
    ({ webhook, secrets }) => (webhook === undefined) === (secrets === undefined),
    'a webhook has secrets, and nothing else has',
  );
export type SharedChannel = z.infer<typeof SharedChannel>;

export const NoticeChannels = z.strictObject(
  {
    channels: z
      .array(SharedChannel)
      .max(50)
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two channels have one name')
      .default([]),
    /** Of a Slack app with chat:write and users:read.email: with it people may choose direct messages. */
    slack_app_token: z
      .string()
      .regex(/^xoxb-\S+$/, 'must be a bot token, xoxb-...')
      .optional(),
  },
  { error: strict },
);
export type NoticeChannels = z.infer<typeof NoticeChannels>;
