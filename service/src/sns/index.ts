/**
 * Verifies messages of Amazon SNS.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
import { verify } from 'node:crypto';
import { CountersignError } from '../errors.ts';
import type { Sns, SnsMessage } from '../ports/sns.ts';
import type { UpstreamEngine } from '../ports/upstream.ts';
import { openCertificates } from './certificates.ts';
import { type Envelope, envelopeOf, signedText } from './envelope.ts';
import { certificatePath, hostOfTopic } from './topic.ts';

// Topics sign by version 1 unless somebody sets SignatureVersion, so SHA-1 cannot be refused.
const digests = { 1: 'sha1', 2: 'sha256' } as const;

const untrusted = (message: string): CountersignError => new CountersignError('untrusted_source', message);

const messageOf = (envelope: Envelope): SnsMessage => ({
  type: envelope.Type,
  messageId: envelope.MessageId,
  topicArn: envelope.TopicArn,
  timestamp: new Date(envelope.Timestamp),
  message: envelope.Message,
  ...(envelope.Type === 'Notification' && envelope.Subject !== undefined && { subject: envelope.Subject }),
  ...(envelope.Type === 'SubscriptionConfirmation' && { subscribeUrl: envelope.SubscribeURL }),
});

export interface SnsParts {
  readonly upstreams: Pick<UpstreamEngine, 'of'>;
  readonly now: () => Date;
}

export const openSns = ({ upstreams, now }: SnsParts): Sns => {
  const certificates = openCertificates(upstreams);
  return {
    read: async (value, { topics, signal }) => {
      const envelope = envelopeOf(value);
      // First of all: whoever else publishes at SNS has signatures of SNS too.
      if (!topics.includes(envelope.TopicArn)) throw untrusted('TopicArn: is none of the topics that are taken here.');
      const host = hostOfTopic(envelope.TopicArn);
      if (host === undefined) throw untrusted('TopicArn: is no ARN of a topic.');
      const path = certificatePath(envelope.SigningCertURL, host);
      if (path === undefined) throw untrusted(`SigningCertURL: is no certificate at https://${host}.`);
      const { key, validFrom, validTo } = await certificates.keyAt(host, path, signal);
      const at = now();
      if (at < validFrom || at > validTo) throw untrusted('SigningCertURL: the certificate is not valid now.');
      const signature = Buffer.from(envelope.Signature, 'base64');
      if (!verify(digests[envelope.SignatureVersion], Buffer.from(signedText(envelope)), key, signature))
        throw untrusted('Signature: is not one of SNS for this message.');
      return messageOf(envelope);
    },
  };
};
