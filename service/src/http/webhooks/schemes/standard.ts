/** Standard Webhooks. */
import { signatureRefusalOf, type WebhookHeaders } from '../../../webhook-signature.ts';
import { header, invalidSignature, type WebhookScheme } from '../scheme.ts';

type Given = Partial<WebhookHeaders>;

export const standardWebhooks = (keys: readonly Buffer[]): WebhookScheme => ({
  challenge: 'StandardWebhooks',
  underWay: 'conflict',
  authenticate: async ({ headers, body, now }) => {
    const [id, timestamp, signature] = ['id', 'timestamp', 'signature'].map((name) =>
      header(headers, `webhook-${name}`),
    );
    const given: Given = {
      ...(id !== undefined && { id }),
      ...(timestamp !== undefined && { timestamp }),
      ...(signature !== undefined && { signature }),
    };
    const refusal = signatureRefusalOf(given, body, keys, now);
    if (refusal !== undefined) throw invalidSignature(refusal);
    return { id: id ?? '', sentAt: new Date(Number(timestamp) * 1000) };
  },
});
