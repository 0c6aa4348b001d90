/**
 * A webhook of a pack, as data: messages of an upstream, whose sender proves itself by the scheme of the route. http/ takes care of
 * sender, age, size and repetition, so `receive` gets messages of its sender only, each once. By `bearer` a message has no id
 * and no age: it is handed over as often as it comes. A webhook has no person, no session and no scopes: what changes
 * something for people is asked for as a change of its own.
 */
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { WebhookRoute } from '../../../contracts/packs/pack.ts';
import type { RequestOrigin } from '../origin.ts';

export interface WebhookMessage<Payload> {
  /** The sender's id of the message: the same each time that it sends it again. Of a sender without ids, a new one each time. */
  readonly id: string;
  /** When this attempt was sent; of SNS, when the message was published; of a sender with a token, when it arrived. */
  readonly sentAt: Date;
  readonly payload: Payload;
  readonly origin: RequestOrigin;
  /** Aborted after 20 seconds: senders wait 15 to 30. What takes longer is written down here and done later. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly now: () => Date;
}

export interface PackWebhook<Payload extends z.ZodType = z.ZodType> {
  /** A route of the pack's contract. It names the variable with the sender's key, token or topics. */
  readonly route: WebhookRoute;
  /**
   * Schema of the message. A message that it refuses is answered with 400, and the sender sends it again. So it must also
   * accept kinds of messages that the pack does not know yet.
   */
  readonly payload: Payload;
  /**
   * Takes the message. What it throws is answered as an error, and the sender sends the message again. A crash of the process
   * at the very end may hand out one message twice.
   */
  receive(message: WebhookMessage<z.output<Payload>>): Promise<void>;
}

/**
 * @example
 * export const notesChanged = (notes: Notes): PackWebhook =>
 *   defineWebhook({
 *     // { method: 'POST', path: '/webhooks/notes', auth: 'webhook', secret: 'NOTES_WEBHOOK_SECRET', rate: 10 }
 *     route: contract.routes.notesChanged,
 *     payload: z.looseObject({ type: z.string(), data: z.looseObject({ noteId: z.string().max(100).optional() }) }),
 *     receive: async ({ payload: { type, data } }) => {
 *       if (type === 'note.deleted' && data.noteId !== undefined) await notes.forget(data.noteId);
 *     },
 *   });
 */
export const defineWebhook = <Payload extends z.ZodType>(webhook: PackWebhook<Payload>): PackWebhook => webhook;
