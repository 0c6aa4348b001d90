/**
 * What SNS sends to an HTTP endpoint, and which of it is signed.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
import { z } from 'zod';
import { CountersignError } from '../errors.ts';

const common = {
  MessageId: z.string().min(1).max(100),
  TopicArn: z.string().max(400),
  Message: z.string(),
  Timestamp: z.iso.datetime(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.base64().max(1024),
  SigningCertURL: z.string().max(400),
};
const confirmation = { ...common, SubscribeURL: z.string().max(2000), Token: z.string().max(1000) };

/** Members that SNS adds one day are left alone: they are not signed, and nothing reads them. */
export const Envelope = z.discriminatedUnion('Type', [
  z.object({ Type: z.literal('Notification'), ...common, Subject: z.string().optional() }),
  z.object({ Type: z.literal('SubscriptionConfirmation'), ...confirmation }),
  z.object({ Type: z.literal('UnsubscribeConfirmation'), ...confirmation }),
]);
export type Envelope = z.output<typeof Envelope>;

/** @throws invalid_input that names the member */
export const envelopeOf = (value: unknown): Envelope => {
  const { success, data, error } = Envelope.safeParse(value);
  if (success) return data;
  const [first] = error.issues;
  throw new CountersignError('invalid_input', `${first?.path.join('.') || 'The message'}: ${first?.message}`);
};

/** Name and value of each signed member, a line each, sorted by name. */
export const signedText = (envelope: Envelope): string => {
  const { Type, Message, MessageId, Timestamp, TopicArn } = envelope;
  const own =
    Type === 'Notification'
      ? [['Subject', envelope.Subject]]
      : [
          ['SubscribeURL', envelope.SubscribeURL],
          ['Token', envelope.Token],
        ];
  return [...Object.entries({ Message, MessageId, Timestamp, TopicArn, Type }), ...own]
    .filter(([, value]) => value !== undefined)
    .sort(([one = ''], [other = '']) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('');
};
