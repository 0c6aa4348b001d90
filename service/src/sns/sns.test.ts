import pino from 'pino';
import { selfSigned } from '../../test/rigs/self-signed.ts';
import { openSnsTopic, type SnsEnvelope, type SnsTopic } from '../../test/rigs/sns.ts';
import { openUpstreams } from '../upstream/open.ts';
import { openSns } from './index.ts';

const at = new Date('2026-05-01T10:15:30.123Z');
const world = { now: at };
let topic: SnsTopic;
beforeAll(async () => {
  topic = await openSnsTopic(at);
});
afterAll(() => topic.close());
beforeEach(() => {
  world.now = at;
  topic.region.asked.length = 0;
});

const openOne = () => {
  const upstreams = openUpstreams({
    config: { AWS_ENDPOINT_URL: topic.region.url },
    metrics: { count: () => {}, observe: () => {}, set: () => {} },
    log: pino({ level: 'silent' }),
    now: () => world.now,
    sleep: async () => {},
  });
  const sns = openSns({ upstreams, now: () => world.now });
  const read = (envelope: unknown, topics = [topic.arn]) =>
    sns.read(envelope, { topics, signal: AbortSignal.timeout(5000) });
  return { upstreams, read };
};

const confirmation: SnsEnvelope = {
  Type: 'SubscriptionConfirmation',
  SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37',
  Token: '2336412f37',
};

describe('a message of SNS', () => {
  it.each([
    ['by SHA-1, version 1', { SignatureVersion: '1' }],
    ['by SHA-256, version 2', { SignatureVersion: '2' }],
    ['with its subject', { Subject: 'ALARM: "High CPU"' }],
    ['that asks for a confirmation', confirmation],
    ['that tells of an end of the subscription', { ...confirmation, Type: 'UnsubscribeConfirmation' }],
  ])('is read where its topic signed it %s', async (_name, over: SnsEnvelope) => {
    const { read, upstreams } = openOne();
    expect(await read(topic.message(over))).toEqual({
      type: over.Type ?? 'Notification',
      messageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
      topicArn: topic.arn,
      timestamp: at,
      message: 'My first message',
      ...(over.Subject !== undefined && { subject: over.Subject }),
      ...(over.Type === 'SubscriptionConfirmation' && { subscribeUrl: over.SubscribeURL }),
    });
    // The certificate, and no address of the message.
    expect(topic.region.asked.map(({ method, target }) => `${method} ${target}`)).toEqual([
      'GET /SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem',
    ]);
    await upstreams.close();
  });

  it('has its certificate fetched once, by messages at once and later ones', async () => {
    const { read, upstreams } = openOne();
    await Promise.all([read(topic.message()), read(topic.message())]);
    await read(topic.message({ MessageId: 'another' }));
    expect(topic.region.asked).toHaveLength(1);
    await upstreams.close();
  });

  const signed = (over: SnsEnvelope = {}) => topic.message(over);
  it.each([
    [
      'of a topic that is not expected',
      () => signed({ TopicArn: 'arn:aws:sns:eu-west-1:999988887777:alarms' }),
      'TopicArn',
    ],
    ['that was changed', () => ({ ...signed(), Message: 'Another message' }), 'Signature'],
    ['whose subject was added', () => ({ ...signed(), Subject: 'Urgent' }), 'Signature'],
    ['whose version was changed', () => ({ ...signed(), SignatureVersion: '1' }), 'Signature'],
    ['whose token was changed', () => ({ ...signed(confirmation), Token: 'other' }), 'Signature'],
    ['that nobody signed', () => ({ ...signed(), Signature: '' }), 'Signature'],
  ])('is untrusted where it is one %s', async (_name, envelope, member) => {
    const { read, upstreams } = openOne();
    await expect(read(envelope())).rejects.toMatchObject({
      code: 'untrusted_source',
      message: expect.stringContaining(member),
    });
    await upstreams.close();
  });

  const host = 'sns.eu-west-1.amazonaws.com';
  it.each([
    `http://${host}/SimpleNotificationService-f3ecfb72.pem`,
    'https://sns.eu-west-1.amazonaws.com.example.com/SimpleNotificationService-f3ecfb72.pem',
    'https://example.com/SimpleNotificationService-f3ecfb72.pem',
    'https://sns.eu-west-2.amazonaws.com/SimpleNotificationService-f3ecfb72.pem',
    'https://sns-eu-west-1.s3.amazonaws.com/SimpleNotificationService-f3ecfb72.pem',
    `https://${host}:8443/SimpleNotificationService-f3ecfb72.pem`,
    `https://user@${host}/SimpleNotificationService-f3ecfb72.pem`,
    `https://${host}/?Action=GetEndpointAttributes&x=/SimpleNotificationService-f3ecfb72.pem`,
    `https://${host}/SimpleNotificationService-f3ecfb72.pem?Action=GetEndpointAttributes`,
    `https://${host}/folder/../SimpleNotificationService-f3ecfb72.pem`,
    `https://${host}/other.pem`,
    'no address',
  ])('is untrusted, and nothing is asked, where its certificate is at %s', async (SigningCertURL) => {
    const { read, upstreams } = openOne();
    await expect(read(topic.message({ SigningCertURL }))).rejects.toMatchObject({ code: 'untrusted_source' });
    expect(topic.region.asked).toEqual([]);
    await upstreams.close();
  });

  it('is untrusted before and after its certificate is valid', async () => {
    const { read, upstreams } = openOne();
    for (const hours of [-2, 2]) {
      world.now = new Date(at.getTime() + hours * 3_600_000);
      await expect(read(topic.message())).rejects.toThrow('not valid now');
    }
    await upstreams.close();
  });

  it.each([
    ['is not one', 'no certificate'],
    ['is of another name', selfSigned('sns.amazonaws.com.example.com', { kind: 'rsa', at }).cert],
    ['has a key of another kind', selfSigned('sns.amazonaws.com', { at }).cert],
  ])('is untrusted where the certificate %s, which is asked for again', async (_name, served) => {
    const { read, upstreams } = openOne();
    topic.region.answer((response) => response.end(served));
    await expect(read(topic.message())).rejects.toMatchObject({ code: 'untrusted_source' });
    await expect(read(topic.message())).rejects.toMatchObject({ code: 'untrusted_source' });
    expect(topic.region.asked).toHaveLength(2);
    await upstreams.close();
  });

  it('follows no redirect to a certificate', async () => {
    const { read, upstreams } = openOne();
    topic.region.answer((response) => response.writeHead(302, { location: '/elsewhere.pem' }).end());
    await expect(read(topic.message())).rejects.toMatchObject({ code: 'upstream_error' });
    expect(new Set(topic.region.asked.map(({ target }) => target)).size).toBe(1);
    await upstreams.close();
  });

  it('is invalid where members are missing or no text', async () => {
    const { read, upstreams } = openOne();
    const { MessageId, ...without } = topic.message();
    await expect(read(without)).rejects.toThrow('MessageId');
    await expect(read({ ...without, MessageId: 7 })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(read('text')).rejects.toMatchObject({ code: 'invalid_input' });
    await upstreams.close();
  });
});
