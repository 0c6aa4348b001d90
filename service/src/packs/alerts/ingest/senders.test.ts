/** Posts as their senders send them, to the whole service: acceptance example 4, and what is durable when a sender hears so. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { alertObjects, applyPosts } from '../../../../test/rigs/alerts.ts';
import { openSnsTopic, type SnsEnvelope, type SnsTopic } from '../../../../test/rigs/sns.ts';
import { assembleInMemory } from '../../../../test/rigs/whole.ts';
import type { Objects } from '../../../ports/objects.ts';
import type { Service } from '../../../start/assemble.ts';
import { openMemoryTables } from '../../../stores/memory/tables.ts';
import { signatureOf, webhookKeys } from '../../../webhook-signature.ts';
import { createStates } from '../store/states.ts';

const at = new Date('2026-05-01T10:20:00.000Z');
const now = () => at;
const token = 'a-token-of-alertmanager-for-tests';
const key = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const log = pino({ level: 'silent' });

let folder: string;
let topic: SnsTopic;
let service: Service;
let objects: Objects;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-senders-'));
  topic = await openSnsTopic(at);
  const variables = {
    TOOL_PACKS: 'alerts',
    DATA_DIR: folder,
    ALERTMANAGER_TOKEN: token,
    ALERT_WEBHOOK_SECRET: key,
    ALERT_TOPICS: topic.arn,
    AWS_ENDPOINT_URL: topic.region.url,
  };
  service = await assembleInMemory(variables, openMemoryTables({ now }), now);
  objects = alertObjects(service.objects);
});
afterAll(async () => {
  await service.app.close();
  await service.packs.close();
  await service.upstreams.close();
  topic.close();
  await rm(folder, { recursive: true });
});

const send = async (path: string, body: object | string, headers: Readonly<Record<string, string>> = {}) => {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const url = `/webhooks/alerts/${path}`;
  const answer = await service.app.inject({
    method: 'POST',
    url,
    payload,
    headers: { host: 'localhost:3000', ...headers },
  });
  return [answer.statusCode, answer.body === '' ? '' : answer.json().error.code];
};
const waiting = async () => (await objects.list('alerts/inbox/', { limit: 100 })).items.length;
const apply = () => applyPosts(objects, now);
const all = () => createStates(objects, log, now).all();

const alarm = (NewStateValue: string) =>
  JSON.stringify({
    AlarmName: 'LinkDown',
    AlarmArn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:LinkDown',
    NewStateValue,
    NewStateReason: 'Threshold Crossed',
    StateChangeTime: '2026-05-01T10:15:30.123+0000',
    Trigger: { Dimensions: [{ value: 'MSH0031', name: 'SiteCode' }] },
  });
const publish = (over: SnsEnvelope) =>
  send('cloudwatch', { ...topic.message(over) }, { 'content-type': 'text/plain; charset=UTF-8' });

describe('CloudWatch through SNS, acceptance example 4', () => {
  it('an alarm begins an alert of severity 4 at its StateChangeTime', async () => {
    expect(await publish({ MessageId: 'm1', Message: alarm('ALARM') })).toEqual([204, '']);
    expect(await waiting()).toBe(1);
    expect(await apply()).toEqual(['created']);
    expect(await all()).toMatchObject([{ severity: 4, status: 'firing', starts_at: '2026-05-01T10:15:30.123Z' }]);
  });

  it('a message that SNS sends again is taken once', async () => {
    expect(await publish({ MessageId: 'm1', Message: alarm('ALARM') })).toEqual([204, '']);
    expect(await waiting()).toBe(0);
  });

  it('INSUFFICIENT_DATA changes nothing, and OK ends it', async () => {
    expect(await publish({ MessageId: 'm2', Message: alarm('INSUFFICIENT_DATA') })).toEqual([204, '']);
    expect([await apply(), (await all())[0]?.status]).toEqual([[], 'firing']);
    expect(await publish({ MessageId: 'm3', Message: alarm('OK') })).toEqual([204, '']);
    expect(await apply()).toEqual(['resolved']);
  });

  it('another topic and a changed message are an untrusted source, and nothing is written', async () => {
    const TopicArn = 'arn:aws:sns:eu-west-1:999988887777:alarms';
    expect(await publish({ MessageId: 'm4', TopicArn, Message: alarm('ALARM') })).toEqual([403, 'untrusted_source']);
    const changed = { ...topic.message({ MessageId: 'm5', Message: alarm('OK') }), Message: alarm('ALARM') };
    expect(await send('cloudwatch', changed)).toEqual([403, 'untrusted_source']);
    expect(await waiting()).toBe(0);
  });

  it('a subscription is not confirmed: nothing is asked besides the certificate', async () => {
    const asked = topic.region.asked.length;
    const confirmation = { Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL: `${topic.region.url}/confirm` };
    expect(await publish({ ...confirmation, MessageId: 'm6' })).toEqual([204, '']);
    expect([topic.region.asked.length - asked, await waiting()]).toEqual([0, 0]);
    expect(topic.region.asked.map(({ target }) => target)).toEqual([expect.stringMatching(/\.pem$/)]);
  });
});

const alertmanager = {
  version: '4',
  groupKey: '{}',
  alerts: [
    { status: 'firing', labels: { alertname: 'CellOut', instance: 'cell-3' }, startsAt: '2026-05-01T10:00:00Z' },
  ],
};

describe('Alertmanager, with its token', () => {
  const authorization = `Bearer ${token}`;

  it('is answered once its post is durable, and the same post again is a duplicate by the table', async () => {
    expect(await send('alertmanager', alertmanager, { authorization })).toEqual([204, '']);
    expect(await send('alertmanager', alertmanager, { authorization })).toEqual([204, '']);
    expect(await waiting()).toBe(2);
    expect(await apply()).toEqual(['created', 'duplicate']);
  });

  it.each([
    ['another token', alertmanager, 'Bearer another-token-of-32-characters-xx', [401, 'invalid_signature']],
    ['another version', { ...alertmanager, version: '5' }, authorization, [400, 'invalid_input']],
    [
      '501 alerts',
      { ...alertmanager, alerts: Array.from({ length: 501 }, () => alertmanager.alerts[0]) },
      authorization,
      [413, 'too_large'],
    ],
    ['over 1 MiB', ' '.repeat(1_048_577), authorization, [413, 'too_large']],
  ])('is refused with %s, and nothing is kept', async (_name, body, sent, answer) => {
    expect(await send('alertmanager', body, { authorization: sent })).toEqual(answer);
    expect(await waiting()).toBe(0);
  });
});

describe('a sender that signs by Standard Webhooks', () => {
  it('posts alerts of the generic form', async () => {
    const body = JSON.stringify({ name: 'MainsFailure', element_type: 'POWER_SYSTEM', severity: 5 });
    const [id, timestamp] = ['p1', String(at.getTime() / 1000)];
    const signature = signatureOf(webhookKeys(key, 'ALERT_WEBHOOK_SECRET'), { id, timestamp }, Buffer.from(body));
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
    expect(await send('generic', body, headers)).toEqual([204, '']);
    expect(await apply()).toEqual(['created']);
    expect(await send('generic', body, { ...headers, 'webhook-id': 'p2' })).toEqual([401, 'invalid_signature']);
  });
});
