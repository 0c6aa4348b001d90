import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { z } from 'zod';
import { openStandIn, type StandIn } from '../../test/rigs/stand-in.ts';
import { startMoto } from '../../test/servers/moto.ts';
import { describeWith } from '../../test/servers/programs.ts';
import type { TestServer } from '../../test/servers/server.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { NoticeMessage, SendOutcome } from '../ports/notify.ts';
import { type MailSender, mailSender } from './mail.ts';

const counted: string[] = [];
const metrics: Metrics = {
  count: (metric, dimensions) => void counted.push([metric, ...Object.values(dimensions)].join(' ')),
  observe: () => {},
  set: () => {},
};
const region = 'eu-west-1';
const from = 'no-reply@example.com';
const message: NoticeMessage<'mail'> = {
  id: 'evt_04',
  body: { subject: 'A change waits – Zoë', text: 'See it', html: '<p>See it</p>' },
};
const signal = AbortSignal.timeout(60_000);
const open = (endpoint: string, sender = from): MailSender =>
  mailSender({ from: sender, configurationSet: 'prod-mail', region, endpoint, metrics });
process.env.AWS_ACCESS_KEY_ID = 'testing';
process.env.AWS_SECRET_ACCESS_KEY = 'testing';

await describeWith(['moto_server'], 'mail at a stand-in for SES', () => {
  let moto: TestServer;
  let mail: MailSender;
  beforeAll(async () => {
    moto = await startMoto();
    mail = open(moto.url);
    const ses = new SESv2Client({ region, endpoint: moto.url });
    await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: 'example.com' }));
  });
  afterAll(async () => {
    mail.close();
    await moto.stop();
  });

  const Sent = z.object({
    ses: z.object({
      Message: z.array(z.looseObject({ source: z.string(), subject: z.string(), destinations: z.unknown() })),
    }),
  });

  it('goes from the sender of the configuration to one person', async () => {
    expect(await mail.send(message, { to: 'ana@example.com' }, signal)).toEqual({ outcome: 'accepted' });
    const { ses } = Sent.parse(await (await fetch(`${moto.url}/moto-api/data.json`)).json());
    expect(ses.Message.map(({ source, subject, destinations }) => [source, subject, destinations])).toEqual([
      [from, message.body.subject, { ToAddresses: ['ana@example.com'] }],
    ]);
    expect(counted).toEqual(['UpstreamCalls ses ok']);
  });

  it('of a sender whom SES does not know is refused, and says what to do', async () => {
    const stranger = open(moto.url, 'somebody@example.org');
    expect(await stranger.send(message, { to: 'ana@example.com' }, signal)).toEqual({
      outcome: 'refused',
      because: 'SES does not know the sender or receiver: verify MAIL_FROM, and leave the sandbox of SES',
    });
    stranger.close();
  });
});

describe('mail', () => {
  let ses: StandIn;
  let mail: MailSender;
  beforeAll(async () => {
    ses = await openStandIn((response) => response.end('{"MessageId":"1"}'));
    mail = open(ses.url);
  });
  afterAll(() => {
    mail.close();
    ses.close();
  });
  const failing = (status: number, type: string, text: string) =>
    ses.answer(
      (response) =>
        void response
          .writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type })
          .end(JSON.stringify({ message: text })),
    );
  const send = (to = 'ana@example.com') => mail.send(message, { to }, signal);

  it('is sent through the configuration set, marked as a machine’s, with text and HTML', async () => {
    await send();
    expect(JSON.parse(ses.asked[0]?.body ?? '')).toEqual({
      FromEmailAddress: from,
      Destination: { ToAddresses: ['ana@example.com'] },
      ConfigurationSetName: 'prod-mail',
      EmailTags: [{ Name: 'notice', Value: 'evt_04' }],
      Content: {
        Simple: {
          Subject: { Data: message.body.subject, Charset: 'UTF-8' },
          Body: { Text: { Data: 'See it', Charset: 'UTF-8' }, Html: { Data: '<p>See it</p>', Charset: 'UTF-8' } },
          Headers: [{ Name: 'Auto-Submitted', Value: 'auto-generated' }],
        },
      },
    });
  });

  it.each(['ana@example.com, eve@example.com', 'ana@example.com\r\nBcc: eve@example.com', 'Ana <ana@example.com>', ''])(
    'to %j is not sent',
    async (to) => {
      ses.answer((response) => response.end('{"MessageId":"1"}'));
      expect(await send(to)).toEqual({ outcome: 'refused', because: 'it is not one mail address' });
      expect(ses.asked).toEqual([]);
    },
  );

  it.each<[number, string, string, SendOutcome]>([
    [
      429,
      'TooManyRequestsException',
      'Maximum sending rate exceeded.',
      { outcome: 'retry', because: 'SES is called too often', afterSeconds: 2 },
    ],
    [
      429,
      'TooManyRequestsException',
      'Daily message quota exceeded.',
      { outcome: 'retry', because: 'the quota of SES for 24 hours is used up', afterSeconds: 3600 },
    ],
    [
      400,
      'MessageRejected',
      'Email address is not verified. The following identities failed the check in region EU-WEST-1: ana@example.com',
      {
        outcome: 'refused',
        because: 'SES does not know the sender or receiver: verify MAIL_FROM, and leave the sandbox of SES',
      },
    ],
    [
      400,
      'SendingPausedException',
      'paused',
      { outcome: 'retry', because: 'sending is paused for the account or the configuration set' },
    ],
    [
      403,
      'AccessDeniedException',
      'arn:aws:iam::1:role/x',
      { outcome: 'retry', because: 'the role may not send by SES' },
    ],
    [500, 'InternalFailure', 'ana@example.com', { outcome: 'retry', because: 'SES did not answer' }],
  ])('that SES answers with %i %s (%s) is tried once, and told in our words', async (status, type, text, outcome) => {
    failing(status, type, text);
    expect(await send()).toEqual(outcome);
    expect(ses.asked).toHaveLength(1);
  });
});
