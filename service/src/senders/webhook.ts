/**
 * Sends to webhooks, signed by Standard Webhooks.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import type { NoticeSender } from '../ports/notify.ts';
import { signatureOf, webhookKeys } from '../webhook-signature.ts';
import { again, type Posting, unanswered } from './posting.ts';

const keysOf = (secrets: readonly string[]): readonly Buffer[] | undefined => {
  try {
    return webhookKeys(secrets.join(' '), 'secrets');
  } catch {
    return undefined;
  }
};

export const webhookSender =
  ({ post }: Pick<Posting, 'post'>, now: () => Date): NoticeSender<'webhook'> =>
  async (message, { url, secrets }, signal) => {
    const keys = keysOf(secrets);
    if (keys === undefined || keys.length === 0)
      return { outcome: 'refused', because: 'its secrets must be whsec_ and the base64 of 24 to 64 bytes' };
    const body = Buffer.from(JSON.stringify(message.body));
    const signed = { id: message.id, timestamp: String(Math.floor(now().getTime() / 1000)) };
    const headers = {
      'webhook-id': signed.id,
      'webhook-timestamp': signed.timestamp,
      'webhook-signature': signatureOf(keys, signed, body),
    };
    try {
      const answer = await post({ service: 'notices-webhook', url, headers, body, signal });
      if (answer.status >= 200 && answer.status < 300) return { outcome: 'accepted' };
      // "Operational considerations": 410 means that nothing more is wanted. Any other answer may be mended.
      if (answer.status === 410) return { outcome: 'gone', because: 'the receiver answered 410' };
      return again(`the receiver answered ${answer.status}`, answer);
    } catch (error) {
      return unanswered(error);
    }
  };
