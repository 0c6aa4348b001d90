/**
 * The port to whoever carries messages out of the service. notices/ decides who is told what and writes the message for each
 * channel; a sender (service/src/senders) puts it on the channel's wire, once, and reports what became of it. A sender keeps
 * nothing and repeats nothing: the queue decides when a message is sent again.
 */

import type { Scope } from '../../../contracts/scopes.ts';

/** Where a message goes, and what it takes to get there. Addresses with keys are resolved just before sending, and kept nowhere. */
export interface NoticeAddresses {
  readonly mail: { readonly to: string };
  readonly slack:
    | { readonly kind: 'incoming-webhook'; readonly url: string }
    /** A direct message of the app: users.lookupByEmail, then chat.postMessage, with the message's id as metadata. */
    | { readonly kind: 'person'; readonly token: string; readonly email: string };
  /** URL of a Workflow "when a webhook request is received". Its `sig` is a secret. */
  readonly teams: { readonly url: string };
  /** Signed by Standard Webhooks with each of the secrets (`whsec_...`), of which there are several while they are changed. */
  readonly webhook: { readonly url: string; readonly secrets: readonly string[] };
}

export type NoticeChannel = keyof NoticeAddresses;

/** JSON that a channel takes as it is. */
export type NoticeJson = Readonly<Record<string, unknown>>;

/** What is sent, escaped for its channel. A sender adds what the wire needs (sender, signature, metadata) and no text. */
export interface NoticeBodies {
  readonly mail: { readonly subject: string; readonly text: string; readonly html: string };
  /** `text` and `blocks` of a Slack message, with unfurling off. */
  readonly slack: NoticeJson;
  /** A message with one Adaptive Card. */
  readonly teams: NoticeJson;
  /** `type`, `timestamp` and `data`, as Standard Webhooks recommends. */
  readonly webhook: NoticeJson;
}

export interface NoticeMessage<C extends NoticeChannel = NoticeChannel> {
  /** The same each time that the message is sent again, and another for each recipient: the `webhook-id`. At most 64 of a-z, 0-9 and _. */
  readonly id: string;
  readonly body: NoticeBodies[C];
}

/** What became of one try. `because` is for operators: it quotes no address, no key and nothing that the receiver answered. */
export type SendOutcome =
  | { readonly outcome: 'accepted' }
  /** Later perhaps: the receiver is away, slow or busy. `afterSeconds` is its Retry-After. */
  | { readonly outcome: 'retry'; readonly because: string; readonly afterSeconds?: number }
  /** Never, as the message or the address is: it goes to the dead letters at once. */
  | { readonly outcome: 'refused'; readonly because: string }
  /** The address takes nothing any more (410, a deleted webhook): no later message is sent there until an admin says so. */
  | { readonly outcome: 'gone'; readonly because: string };

/**
 * Sends one message once. A rejection counts as `retry`.
 * @param signal aborted after 30 seconds
 * @example
 * const sendToTeams: NoticeSender<'teams'> = async ({ body }, { url }, signal) => {
 *   const response = await client.post(url, { json: body, signal });
 *   return response.status === 202 ? { outcome: 'accepted' } : { outcome: 'retry', because: `answered ${response.status}` };
 * };
 */
export type NoticeSender<C extends NoticeChannel> = (
  message: NoticeMessage<C>,
  address: NoticeAddresses[C],
  signal: AbortSignal,
) => Promise<SendOutcome>;

/** The channels that this service can send to. One that is absent is offered to nobody. */
export type NoticeSenders = { readonly [C in NoticeChannel]?: NoticeSender<C> };

/** Whom somebody named: a person the service knows, or a shared channel. */
export type NoticeRecipient = { readonly personId: string } | { readonly shared: string };

/** Somebody who can be told, and the ways that lead to them. */
export interface ReachableRecipient {
  readonly recipient: NoticeRecipient;
  readonly channels: readonly NoticeChannel[];
}

/** What a pack has people told. Only who holds `scope` when it is sent gets it, on the channels that they chose. */
export interface PackNotice {
  /** Of the pack's own; what has the same key is told once. */
  readonly key: string;
  /** What happened, in the pack's own words, at most 150 characters. */
  readonly headline: string;
  /** One line that people or an upstream wrote. It is shown as a quotation. */
  readonly about?: string;
  /** At most ten. Never a secret; text from outside is cleaned, cut and escaped. */
  readonly facts?: readonly { readonly label: string; readonly value: string }[];
  /** A page of this service, by its path. A GET of it must change nothing: mail scanners follow links. */
  readonly link: { readonly label: string; readonly path: string };
  /** A scope of the pack, or admin. */
  readonly scope: Scope;
  /** Told to this person only, if they hold the scope. Default: every holder, and shared channels whose readers all hold it. */
  readonly personId?: string;
  /** Told to these only, and by these ways, whatever topics they chose: those of them who hold the scope when it is sent. */
  readonly to?: { readonly recipients: readonly NoticeRecipient[]; readonly by: readonly NoticeChannel[] };
  /** For those who look after security, under that topic. Default false. */
  readonly security?: boolean;
  /** Somebody should look now. Default false. */
  readonly urgent?: boolean;
}

/** Has people told something: at least once, by the queue, whatever becomes of this task. */
export interface Notify {
  /**
   * Resolves once it is in the queue.
   * @throws Error for a notice that cannot be: a path elsewhere, a scope of another pack, too long a text
   * @example
   * await notify.tell({
   *   key: `limit/${day}/${accountId}`,
   *   headline: 'A budget change was blocked by the daily limit',
   *   facts: [{ label: 'Account', value: accountName }],
   *   link: { label: 'See the account', path: `/accounts/${accountId}` },
   *   scope: 'notes:approve',
   *   security: true,
   * });
   */
  tell(notice: PackNotice): Promise<void>;
  /**
   * Whom a mail address or `#channel` names, for `to` of a notice. Nobody else can be named, so no call can send mail to strangers.
   * @param written the address of a person's sign-in, or of a mailbox or the name of a channel that the operator set up (NOTICE_CHANNELS)
   * @returns undefined where it is nobody the service knows, or they may not read what holders of the scope read
   */
  find(written: string, scope: Scope): Promise<ReachableRecipient | undefined>;
}
