/** Webhooks of senders that do not sign by Standard Webhooks. */
import { z } from 'zod';
import { serveWebhooks } from '../../../test/rigs/webhooks.ts';
import { CountersignError } from '../../errors.ts';
import { defineWebhook, type PackWebhook, type WebhookMessage } from '../../packs/webhook.ts';
import type { Sns, SnsMessage } from '../../ports/sns.ts';
import { openMemoryTables } from '../../stores/memory/tables.ts';

const at = new Date('2026-05-01T10:15:30.123Z');
const path = '/webhooks/alarms';
const common = { method: 'POST', path, auth: 'webhook', rate: 2 } as const;
const byToken = { ...common, scheme: 'bearer', secret: 'ALARMS_TOKEN' } as const;
const bySns = { ...common, scheme: 'sns', topics: 'ALARM_TOPICS' } as const;
const topic = 'arn:aws:sns:eu-west-1:111122223333:alarms';

type Received = WebhookMessage<unknown>;
const webhookAt = (
  route: PackWebhook['route'],
  received: Received[],
  act: { now?: () => Promise<void> } = {},
): PackWebhook =>
  defineWebhook({
    route,
    payload: z.looseObject({}),
    receive: async (message) => {
      await act.now?.();
      received.push(message);
    },
  });

describe('a webhook whose sender has a token', () => {
  const [token, next] = ['a'.repeat(32), `${'b'.repeat(40)}==`];
  const open = async (secret?: string, environment = 'prod') => {
    const received: Received[] = [];
    const lines: string[] = [];
    const app = await serveWebhooks({
      webhooks: [webhookAt(byToken, received)],
      config: { ALARMS_TOKEN: secret, ENVIRONMENT: environment },
      ...{ tables: openMemoryTables(), lines, now: () => at },
    });
    const send = (authorization?: string, payload = '{"version":"4"}') =>
      app.inject({ method: 'POST', url: path, headers: { ...(authorization && { authorization }) }, payload });
    return { send, received, lines };
  };

  it('takes what comes with it, and with either of two while the token changes', async () => {
    const { send, received } = await open(`${token} ${next}`);
    for (const each of [`Bearer ${token}`, `bearer ${next}`]) expect((await send(each)).statusCode).toBe(204);
    expect(received.map(({ payload, sentAt }) => [payload, sentAt])).toEqual([
      [{ version: '4' }, at],
      [{ version: '4' }, at],
    ]);
  });

  it('hands over each repetition, under an id of its own, because the sender has none', async () => {
    const { send, received } = await open(token);
    await send(`Bearer ${token}`);
    await send(`Bearer ${token}`);
    expect(new Set(received.map(({ id }) => id)).size).toBe(2);
  });

  it.each([
    ['no header', undefined, 'is required'],
    ['another token', `Bearer ${'c'.repeat(32)}`, 'none of the tokens'],
    ['a part of it', `Bearer ${'a'.repeat(31)}`, 'none of the tokens'],
    ['another scheme', `Basic ${token}`, 'is required'],
    ['two tokens', `Bearer ${token} ${token}`, 'is required'],
  ])('refuses with 401 what comes with %s', async (_name, authorization, said) => {
    const { send, received, lines } = await open(token);
    const answer = await send(authorization);
    expect([answer.statusCode, answer.json().error.code]).toEqual([401, 'invalid_signature']);
    expect(answer.json().error.message).toContain(said);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(received).toEqual([]);
    expect(lines.join()).toContain('a message of a webhook was refused');
    expect(lines.join()).not.toContain('aaaa');
  });

  it('asks with 503 to send again later what is over its rate, because such senders drop what is answered 429', async () => {
    const { send } = await open(token);
    for (let index = 0; index < 20; index += 1) await send(`Bearer ${token}`);
    const answer = await send(`Bearer ${token}`);
    expect([answer.statusCode, Number(answer.headers['retry-after']) > 0]).toEqual([503, true]);
  });

  it('is off without a token, and does not start with a short one', async () => {
    const { send, lines } = await open();
    expect((await send(`Bearer ${token}`)).statusCode).toBe(404);
    expect(lines.join()).toContain('set ALARMS_TOKEN');
    expect((await open(undefined, 'local')).lines).toEqual([]);
    for (const wrong of ['short', `${token} short`, `${token}"`])
      await expect(open(wrong)).rejects.toThrow('ALARMS_TOKEN must be 32 to 512');
  });
});

describe('a webhook of SNS', () => {
  const message: SnsMessage = {
    type: 'Notification',
    messageId: 'm1',
    topicArn: topic,
    timestamp: at,
    message: 'ALARM',
  };
  const open = async (topics: readonly string[] = [topic], over: Partial<SnsMessage> = {}) => {
    const received: Received[] = [];
    const lines: string[] = [];
    const act: { now?: () => Promise<void> } = {};
    const asked: unknown[] = [];
    const world = { now: at };
    const sns: Sns = {
      read: async (envelope, { topics: expected }) => {
        asked.push([envelope, expected]);
        if (Reflect.get(Object(envelope), 'TopicArn') !== topic)
          throw new CountersignError('untrusted_source', 'TopicArn: is none of the topics that are taken here.');
        return { ...message, ...over };
      },
    };
    const webhooks = [webhookAt(bySns, received, act)];
    const tables = openMemoryTables({ now: () => world.now });
    const app = await serveWebhooks({
      ...{ webhooks, config: { ALARM_TOPICS: topics }, tables, sns, lines, now: () => world.now },
    });
    const send = (body: object = { TopicArn: topic }) =>
      app.inject({
        method: 'POST',
        url: path,
        headers: { 'content-type': 'text/plain; charset=UTF-8' },
        payload: JSON.stringify(body),
      });
    return { send, received, lines, asked, act, world };
  };

  it('hands over what is verified, with the id and the time of SNS, once', async () => {
    const { send, received, asked } = await open();
    expect([(await send()).statusCode, (await send({ TopicArn: topic, sent: 'again' })).statusCode]).toEqual([
      204, 204,
    ]);
    expect(asked[0]).toEqual([{ TopicArn: topic }, [topic]]);
    expect(received.map(({ id, sentAt, payload }) => [id, sentAt, payload])).toEqual([['m1', at, { TopicArn: topic }]]);
  });

  it('refuses another topic with 403, and hands over nothing', async () => {
    const { send, received, lines } = await open();
    const answer = await send({ TopicArn: `${topic}-other` });
    expect([answer.statusCode, answer.json().error.code]).toEqual([403, 'untrusted_source']);
    expect(received).toEqual([]);
    expect(lines.join()).toContain('a message of a webhook was refused');
  });

  it.each([
    ['older than SNS repeats', -7_201_000, 403],
    ['as old as SNS repeats', -7_199_000, 204],
    ['of a time to come', 301_000, 403],
  ])('answers a message %s with its status', async (_name, milliseconds, status) => {
    const { send } = await open([topic], { timestamp: new Date(at.getTime() + milliseconds) });
    expect((await send()).statusCode).toBe(status);
  });

  it('asks with 503 for a message again that is being taken, because SNS drops what is answered 409', async () => {
    const { send, received, act } = await open();
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    act.now = async () => {
      begun.resolve();
      await gate.promise;
    };
    const first = send();
    await begun.promise;
    expect((await send()).statusCode).toBe(503);
    gate.resolve();
    expect([(await first).statusCode, received.length]).toEqual([204, 1]);
  });

  it('is off without topics', async () => {
    const { send, lines } = await open([]);
    expect((await send()).statusCode).toBe(404);
    expect(lines.join()).toContain('set ALARM_TOPICS');
  });
});
