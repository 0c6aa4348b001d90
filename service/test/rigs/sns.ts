/** A stand-in for Amazon SNS: it serves the certificate of a region, and signs messages as a topic there does. */
import { createSign } from 'node:crypto';
import { selfSigned } from './self-signed.ts';
import { openStandIn, type StandIn } from './stand-in.ts';

/** What a message of the topic says, as SNS names it. */
export type SnsEnvelope = Readonly<Record<string, string>>;

export interface SnsTopic {
  readonly arn: string;
  /** For AWS_ENDPOINT_URL. Asked for the certificate only. */
  readonly region: StandIn;
  /** Signs what is given, with the members that are missing. */
  message(over?: SnsEnvelope): SnsEnvelope;
  close(): void;
}

const signedMembers = (type: string | undefined): readonly string[] =>
  type === 'Notification'
    ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
    : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/** @param at when its certificate is valid, and its messages are sent */
export const openSnsTopic = async (at: Date, commonName = 'sns.amazonaws.com'): Promise<SnsTopic> => {
  const { key, cert } = selfSigned(commonName, { kind: 'rsa', at });
  const region = await openStandIn((response) => response.end(cert));
  const arn = 'arn:aws:sns:eu-west-1:111122223333:alarms';
  return {
    arn,
    region,
    message: (over = {}) => {
      const envelope: SnsEnvelope = {
        Type: 'Notification',
        MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
        TopicArn: arn,
        Message: 'My first message',
        Timestamp: at.toISOString(),
        SignatureVersion: '2',
        SigningCertURL:
          'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem',
        ...over,
      };
      const text = signedMembers(envelope.Type)
        .filter((name) => envelope[name] !== undefined)
        .map((name) => `${name}\n${envelope[name]}\n`)
        .join('');
      const sign = createSign(envelope.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256');
      return { ...envelope, Signature: sign.update(text).sign(key, 'base64') };
    },
    close: () => region.close(),
  };
};
