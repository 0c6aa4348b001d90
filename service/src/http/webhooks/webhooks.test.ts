import { z } from 'zod';
import { serveWebhooks } from '../../../test/rigs/webhooks.ts';
import { CountersignError } from '../../errors.ts';
import { defineWebhook, type PackWebhook, type WebhookMessage } from '../../packs/webhook.ts';
import { openMemoryTables } from '../../stores/memory/tables.ts';
import { signatureOf, webhookKeys } from '../../webhook-signature.ts';
import type { WebhookParts } from './index.ts';

const secret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`;
const keys = webhookKeys(secret, 'NOTES_WEBHOOK_SECRET');
const path = '/webhooks/notes';
type Received = Pick<WebhookMessage<{ type: string }>, 'id' | 'payload' | 'sentAt' | 'origin'>;

/** What the pack does with the messages to come; by default nothing. */
interface Behaviour {
  act?: (message: WebhookMessage<unknown>) => Promise<void>;
}

const notesWebhook = (received: Received[], behaviour: Behaviour): PackWebhook =>
  defineWebhook({
    route: { method: 'POST', path, auth: 'webhook', secret: 'NOTES_WEBHOOK_SECRET', rate: 2, mostBytes: 500 },
    payload: z.looseObject({ type: z.string() }),
    receive: async (message) => {
      await behaviour.act?.(message);
      const { id, payload, sentAt, origin } = message;
      received.push({ id, payload, sentAt, origin });
    },
  });

const open = async (config: Readonly<Record<string, unknown>> = { NOTES_WEBHOOK_SECRET: secret }, on = true) => {
  const world = { now: new Date('2026-11-20T10:00:00.000Z') };
  const now = () => world.now;
  const received: Received[] = [];
  const behaviour: Behaviour = {};
  const lines: string[] = [];
  const tables = openMemoryTables({ now });
  const counted: Record<string, number> = {};
  const count: WebhookParts['metrics']['count'] = (name, dimensions) => {
    const key = [name, ...Object.values(dimensions)].join(' ');
    counted[key] = (counted[key] ?? 0) + 1;
  };
  const webhooks = on ? [notesWebhook(received, behaviour)] : [];
  /** One of several tasks over the same tables. */
  const task = async (time: Pick<WebhookParts, 'receiveMs'> = {}) => {
    const served = await serveWebhooks({ webhooks, config, tables, lines, now, metrics: { count }, ...time });
    served.post('/json', async (request) => request.body);
    return served;
  };
  const app = await task();
  /** Sends as the upstream does: signed now, unless told otherwise. */
  const send = (body: string | Buffer, over: Readonly<Record<string, string>> = {}, to = app) => {
    const id = over['webhook-id'] ?? 'msg_1';
    const timestamp = over['webhook-timestamp'] ?? String(Math.floor(world.now.getTime() / 1000));
    const signature = signatureOf(keys, { id, timestamp }, Buffer.from(body));
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signature,
      ...over,
    };
    return to.inject({ method: 'POST', url: path, headers, payload: body });
  };
  return { world, app, task, send, received, behaviour, lines, counted };
};

const body = '{ "type": "note.changed" }';

describe('a webhook of a pack', () => {
  it('hands over what its sender signed, and answers with nothing', async () => {
    const { send, received, world } = await open();
    const answer = await send(body);
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(received).toEqual([
      {
        id: 'msg_1',
        payload: { type: 'note.changed' },
        sentAt: world.now,
        origin: expect.objectContaining({ kind: 'request' }),
      },
    ]);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('reads the bytes that were signed, whatever their content type', async () => {
    const { send, received } = await open();
    for (const [index, type] of [
      'application/json; charset=utf-8',
      'text/plain',
      'application/cloudevents+json',
    ].entries())
      expect((await send(body, { 'webhook-id': `m${index}`, 'content-type': type })).statusCode).toBe(204);
    expect(received).toHaveLength(3);
  });

  it('leaves bodies of other routes to their own parser', async () => {
    const { app } = await open();
    const answer = await app.inject({ method: 'POST', url: '/json', payload: { a: 1 } });
    expect(answer.json()).toEqual({ a: 1 });
  });

  it.each([
    ['is not signed', { 'webhook-signature': '' }, 'no signature'],
    ['is signed by another key', { 'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}` }, 'no signature'],
    ['is five minutes old and a second', { 'webhook-timestamp': '1795168499' }, '301 s before our clock'],
    ['is of another time to come', { 'webhook-timestamp': '1795169101' }, '301 s after our clock'],
    ['has an id with a dot', { 'webhook-id': 'msg.1' }, 'without a dot'],
  ])('refuses with 401 what %s', async (_name, over, said) => {
    const { send, received, lines } = await open();
    const answer = await send(body, over);
    expect([answer.statusCode, answer.json().error.code]).toEqual([401, 'invalid_signature']);
    expect(answer.json().error.message).toContain(said);
    expect(answer.headers['www-authenticate']).toBe('StandardWebhooks');
    expect(received).toEqual([]);
    expect(lines.join()).toContain('a message of a webhook was refused');
    expect(lines.join()).not.toContain(secret.slice(6));
  });

  it('refuses with 401 a body that was changed under way', async () => {
    const { send, received } = await open();
    const signed = await send(body);
    expect(signed.statusCode).toBe(204);
    const timestamp = '1795168800';
    const signature = signatureOf(keys, { id: 'msg_2', timestamp }, Buffer.from(body));
    const over = { 'webhook-id': 'msg_2', 'webhook-signature': signature };
    expect((await send(body.replace('changed', 'deleted'), over)).statusCode).toBe(401);
    expect(received).toHaveLength(1);
  });

  it('takes a message once, and acknowledges it when it is sent again', async () => {
    const { send, received, world, task } = await open();
    await send(body);
    expect((await send(body)).statusCode).toBe(204);
    world.now = new Date(world.now.getTime() + 3 * 86_400_000);
    expect((await send(body, {}, await task())).statusCode).toBe(204);
    expect(received).toHaveLength(1);
  });

  it('refuses with 409 another message under an id that was taken', async () => {
    const { send, received } = await open();
    await send(body);
    const answer = await send('{"type":"note.deleted"}');
    expect([answer.statusCode, answer.json().error.code]).toEqual([409, 'conflict']);
    expect(received).toHaveLength(1);
  });

  it('answers 409 with the time to wait while another task takes the message', async () => {
    const { send, received, behaviour, task } = await open();
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    behaviour.act = async () => {
      begun.resolve();
      await gate.promise;
    };
    const first = send(body);
    await begun.promise;
    const second = await send(body, {}, await task());
    expect([second.statusCode, second.headers['retry-after']]).toEqual([409, '30']);
    gate.resolve();
    expect((await first).statusCode).toBe(204);
    expect(received).toHaveLength(1);
  });

  it('takes again what failed, and what a crash left behind after a minute', async () => {
    const { send, received, behaviour, world } = await open();
    behaviour.act = () => Promise.reject(new CountersignError('upstream_error', 'The notes are away.'));
    expect((await send(body)).statusCode).toBe(502);
    behaviour.act = async () => {
      delete behaviour.act;
      // As of a process that is gone: neither done nor failed.
      await new Promise(() => {});
    };
    void send(body, { 'webhook-id': 'msg_crash' });
    await new Promise(setImmediate);
    expect((await send(body)).statusCode).toBe(204);
    expect((await send(body, { 'webhook-id': 'msg_crash' })).statusCode).toBe(409);
    world.now = new Date(world.now.getTime() + 61_000);
    expect((await send(body, { 'webhook-id': 'msg_crash' })).statusCode).toBe(204);
    expect(received.map(({ id }) => id)).toEqual(['msg_1', 'msg_crash']);
  });

  it('answers 504 when the pack takes too long, and acknowledges the message once it is done', async () => {
    const { send, received, behaviour, task } = await open();
    const hasty = await task({ receiveMs: 50 });
    const gate = Promise.withResolvers<void>();
    behaviour.act = async ({ signal }) => {
      await gate.promise;
      expect(signal.aborted).toBe(true);
    };
    expect((await send(body, {}, hasty)).statusCode).toBe(504);
    expect((await send(body, {}, hasty)).statusCode).toBe(409);
    gate.resolve();
    await new Promise(setImmediate);
    expect((await send(body, {}, hasty)).statusCode).toBe(204);
    expect(received).toHaveLength(1);
  });

  it('answers a fault of the pack with one fixed text, and takes the message when it is sent again', async () => {
    const { send, received, behaviour, lines } = await open();
    behaviour.act = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7'));
    const answer = await send(body);
    expect([answer.statusCode, answer.body.includes('10.0.0.7')]).toEqual([500, false]);
    expect(lines.join()).toContain('ECONNREFUSED');
    delete behaviour.act;
    expect((await send(body)).statusCode).toBe(204);
    expect(received).toHaveLength(1);
  });

  it('counts what became of each message, also of one that is too large to be read', async () => {
    const { send, behaviour, counted } = await open();
    await send(body);
    await send(body);
    await send('{}', { 'webhook-signature': 'v1,AAAA' });
    await send(JSON.stringify({ type: 'x'.repeat(500) }));
    behaviour.act = () => Promise.reject(new Error('no'));
    await send(body, { 'webhook-id': 'msg_2' });
    const of = (outcome: string) => `WebhookMessages ${path} ${outcome}`;
    expect(counted).toEqual({ [of('taken')]: 2, [of('refused')]: 2, [of('failed')]: 1 });
  });

  it('refuses with 413 what is larger than the pack takes', async () => {
    const { send, received } = await open();
    const answer = await send(JSON.stringify({ type: 'x'.repeat(500) }));
    expect([answer.statusCode, answer.json().error.message]).toEqual([
      413,
      'The request body is over the limit of 500 bytes. Split it into smaller requests.',
    ]);
    expect(received).toEqual([]);
  });

  it.each([
    ['is no JSON', '{"type"', 'not valid JSON'],
    ['is not what the pack’s schema says', '{"kind":1}', 'type: '],
    ['reaches into prototypes', '{"type":"a","__proto__":{"x":1}}', '__proto__'],
    ['holds NUL', '{"type":"a\\u0000"}', 'type: holds the character NUL'],
    ['is no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'not UTF-8'],
    ['is empty', '', 'is empty'],
  ])('refuses with 400 a signed message that %s', async (_name, wrong, said) => {
    const { send, received } = await open();
    const answer = await send(wrong);
    expect([answer.statusCode, answer.json().error.message.includes(said)]).toEqual([400, true]);
    expect(received).toEqual([]);
  });

  it('holds its sender’s address to the rate of the contract', async () => {
    const { send } = await open();
    for (let index = 0; index < 20; index += 1) await send(body, { 'webhook-id': `m${index}` });
    const answer = await send(body, { 'webhook-id': 'm20' });
    expect([answer.statusCode, Number(answer.headers['retry-after']) > 0]).toEqual([429, true]);
  });

  it.each([
    ['is off', { NOTES_WEBHOOK_SECRET: secret }, false],
    ['has no secret', {}, true],
  ])('is nowhere when its pack %s', async (_name, config, on) => {
    const { send, app } = await open(config, on);
    const [there, unknown] = [await send(body), await app.inject({ method: 'POST', url: '/nowhere' })];
    expect([there.statusCode, there.json().error.message]).toEqual([404, unknown.json().error.message]);
  });

  it('says which secret is missing, and refuses to start with one that is no key', async () => {
    const { lines } = await open({});
    expect(lines.join()).toContain('set NOTES_WEBHOOK_SECRET');
    await expect(open({ NOTES_WEBHOOK_SECRET: 'guess' })).rejects.toThrow('NOTES_WEBHOOK_SECRET must be whsec_');
  });
});
