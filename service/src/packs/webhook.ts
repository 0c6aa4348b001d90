/**
 * A webhook of a pack, as data: messages of an upstream, signed by Standard Webhooks. http/ takes care of signature, age,
 * size and repetition, so `receive` gets messages of its sender only, each once. It has no person, no session and no
 * scopes: what changes something for people is asked for as a change of its own.
 */
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { WebhookRoute } from '../../../contracts/packs/pack.ts';
import type { RequestOrigin } from '../origin.ts';

export interface WebhookMessage<Payload> {
  /** The sender's id of the message: the same each time that it sends it again. */
  readonly id: string;
  /** When this attempt was sent. */
  readonly sentAt: Date;
  readonly payload: Payload;
  readonly origin: RequestOrigin;
  /** Aborted after 20 seconds: senders wait 15 to 30. What takes longer is written down here and done later. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly now: () => Date;
}

export interface PackWebhook<Payload extends z.ZodType = z.ZodType> {
  /** A route of the pack's contract. It names the secret variable that holds the sender's key. */
  readonly route: WebhookRoute;
  /**
   * Schema of the message. A message that it refuses is answered with 400, and the sender sends it again. So it must also
   * accept kinds of messages that the pack does not know yet.
   */
  readonly payload: Payload;
  /** Most bytes of a message. Default 65,536: the specification recommends less than 20 kB. */
  readonly maxBytes?: number;
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
 *     // { method: 'POST', path: '/webhooks/notes', auth: 'signature', secret: 'NOTES_WEBHOOK_SECRET', rate: 10 }
 *     route: contract.routes.notesChanged,
 *     payload: z.looseObject({ type: z.string(), data: z.looseObject({ noteId: z.string().max(100).optional() }) }),
 *     receive: async ({ payload: { type, data } }) => {
 *       if (type === 'note.deleted' && data.noteId !== undefined) await notes.forget(data.noteId);
 *     },
 *   });
 */
export const defineWebhook = <Payload extends z.ZodType>(webhook: PackWebhook<Payload>): PackWebhook => webhook;
