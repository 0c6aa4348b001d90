/**
 * From a sender to somebody's phone: posts of each sender over HTTP, read back through MCP, and who is told of them. Two whole tasks over
 * one store and one clock, with stand-ins for SNS, SES and Slack at the other ends.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { jobsOf } from '../../src/jobs/port.ts';
import type { Service } from '../../src/start/assemble.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';
import { signatureOf, webhookKeys } from '../../src/webhook-signature.ts';
import { type Structured, structuredOf } from '../rigs/clients.ts';
import { type OutsideIssuer, startOutsideIssuer } from '../rigs/outside-issuer.ts';
import { openLocalReceivers } from '../rigs/receivers.ts';
import { openSnsTopic, type SnsTopic } from '../rigs/sns.ts';
import type { StandIn } from '../rigs/stand-in.ts';
import { assembleInMemory } from '../rigs/whole.ts';
import { freePort } from '../servers/server.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

const day = '2026-05-01T';
let at = new Date(`${day}10:00:00Z`);
const now = () => at;
const token = 'a-token-of-alertmanager-for-tests';
const key = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const tables = openMemoryTables({ now });

let url: string;
let folder: string;
let topic: SnsTopic;
let slack: StandIn;
let issuer: OutsideIssuer;
let tasks: Service[];
const opened: Client[] = [];

const receivers = [
  { name: 'noc', to: ['#noc'], escalation: 'night' },
  { name: 'lead', to: ['#leads'] },
  { name: 'chief', to: ['#chiefs'] },
];
const night = {
  name: 'night',
  steps: [
    { delay_min: 15, targets: ['lead'] },
    { delay_min: 30, targets: ['chief'] },
  ],
};

const variables = (): Record<string, string> => {
  const reads = ['alerts:read'];
  const channels = [
    { name: 'noc', topics: ['packs'], reads, slack: `${slack.url}/services/T/B/noc` },
    { name: 'leads', topics: ['packs'], reads, mail: 'leads@example.com' },
    { name: 'chiefs', topics: ['packs'], reads, mail: 'chiefs@example.com' },
  ];
  return {
    ...{ TOOL_PACKS: 'alerts', ALERT_NETWORK: 'live', DATA_DIR: folder, PUBLIC_URL: url, LOG_LEVEL: 'silent' },
    ...{ LOOP_CALLS: '1000', RATE_LIMIT_PER_MINUTE: '100000', BUDGET_CALLS_PER_HOUR: '100000' },
    ...{ AUTH_ISSUER: issuer.url, AUTH_JWKS_URL: issuer.keys, APPROVE_ON_PAGE_ONLY: 'false' },
    ...{ SSO_ISSUER: issuer.url, SSO_CLIENT_ID: 'pages', SSO_CLIENT_SECRET: 'a secret of the test' },
    ROLE_MAP: JSON.stringify(Object.fromEntries(['analyst', 'approver', 'admin'].map((role) => [role, [role]]))),
    ...{ AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: topic.region.url, MAIL_FROM: 'no-reply@example.com' },
    ...{ ALERTMANAGER_TOKEN: token, ALERT_WEBHOOK_SECRET: key, ALERT_TOPICS: topic.arn },
    NOTICE_CHANNELS: JSON.stringify({ channels }),
    ALERT_RECEIVERS: JSON.stringify(receivers),
    ALERT_ESCALATIONS: JSON.stringify([night]),
  };
};

beforeAll(async () => {
  url = `http://localhost:${await freePort()}`;
  folder = await mkdtemp(join(tmpdir(), 'countersign-alert-senders-'));
  [topic, slack, issuer] = await Promise.all([
    openSnsTopic(at),
    openLocalReceivers(now, () => at.getTime()),
    startOutsideIssuer(`${url}/mcp`, ['alerts'], now),
  ]);
  // One address stands for all of AWS: SES is there too.
  const certificate = await (await fetch(topic.region.url)).text();
  topic.region.answer((response, { target }) =>
    response.end(target.endsWith('.pem') ? certificate : '{"MessageId":"1"}'),
  );
  tasks = [await assembleInMemory(variables(), tables, now), await assembleInMemory(variables(), tables, now)];
  await tasks[0]?.app.listen({ host: 'localhost', port: Number(new URL(url).port) });
});
afterAll(async () => {
  for (const client of opened) await client.close();
  for (const { app, jobs, packs, upstreams, notices } of tasks) {
    await app.close();
    await jobs.stop(10_000);
    await notices.close();
    await packs.close();
    await upstreams.close();
  }
  slack.close();
  topic.close();
  await issuer.stop();
  await rm(folder, { recursive: true });
});

/** Somebody's agent, which always has a new token. */
const agentOf = async (personId: string, role: 'analyst' | 'approver' | 'admin') => {
  const person = { personId, name: personId, email: `${personId}@example.com`, roles: [role] };
  const signed: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${await issuer.sign(person)}`);
    return fetch(input, { ...init, headers });
  };
  const client = new Client({ name: 'night watch', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { fetch: signed }));
  opened.push(client);
  return async (name: string, args: Structured = {}) =>
    structuredOf(await client.callTool({ name, arguments: { ...args } }));
};
let ana: Awaited<ReturnType<typeof agentOf>>;
let ben: typeof ana;
let ada: typeof ana;
beforeAll(async () => {
  [ana, ben, ada] = await Promise.all([agentOf('ana', 'analyst'), agentOf('ben', 'approver'), agentOf('ada', 'admin')]);
});

const owners = ['alerts', 'core'].map((owner) => jobsOf(owner, { tables, now, wake: () => {} }));
const ready = async (): Promise<boolean> => {
  const waiting = await Promise.all(owners.map((jobs) => jobs.list('waiting')));
  return waiting.flatMap(({ items }) => items).some(({ notBefore }) => notBefore <= at);
};
/** Both tasks look at the same moment, and again until nothing is left to do at this time. */
const workUntil = async (time: string): Promise<void> => {
  at = new Date(`${day}${time}Z`);
  do {
    await Promise.all(tasks.map((task) => task.jobs.turn()));
    await Promise.all(tasks.map((task) => task.jobs.idle(30_000)));
  } while (await ready());
};

const post = async (sender: string, body: object | string, headers: Readonly<Record<string, string>> = {}) => {
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(`${url}/webhooks/alerts/${sender}`, { method: 'POST', body: sent, headers });
  const text = await answer.text();
  return [answer.status, text === '' ? '' : Refused.parse(JSON.parse(text)).error.code];
};
const Refused = z.object({ error: z.looseObject({ code: z.string() }) });
const bearer = (given = token) => ({ authorization: `Bearer ${given}`, 'content-type': 'application/json' });

/** As Alertmanager posts a group. */
const alertmanager = (labels: Structured, more: Structured = {}) => ({
  ...{ version: '4', groupKey: '{}:{}', truncatedAlerts: 0, status: 'firing', receiver: 'countersign' },
  ...{ groupLabels: {}, commonLabels: {}, commonAnnotations: {}, externalURL: 'http://alertmanager.example.com' },
  alerts: [
    {
      ...{ status: 'firing', annotations: { description: 'Rain' }, startsAt: at.toISOString() },
      ...{ endsAt: '0001-01-01T00:00:00Z', generatorURL: '', fingerprint: '' },
      labels: { alertname: 'LinkDown', severity: 'critical', element_type: 'TRANSMISSION', ...labels },
      ...more,
    },
  ],
});
const sendAlertmanager = (labels: Structured, more?: Structured) =>
  post('alertmanager', alertmanager(labels, more), bearer());

const Listed = z.looseObject({ alerts: z.array(z.looseObject({ alert_id: z.string() })) });
const listed = async (args: Structured) => Listed.parse(await ana('list_alerts', args)).alerts;

describe('a post over HTTP is read back through MCP', () => {
  it('of Alertmanager with its token, and the same post again is counted as a duplicate', async () => {
    const labels = { site_code: 'OAK0012', instance: 'tx-oak0012', severity: 'warning', vendor: 'acme' };
    expect(await sendAlertmanager(labels)).toEqual([204, '']);
    expect(await sendAlertmanager(labels)).toEqual([204, '']);
    await workUntil('10:00:05');
    const [alert, ...others] = await listed({ site_code: 'OAK0012' });
    expect([alert, others]).toMatchObject([{ name: 'LinkDown', severity: 2, duplicate_count: 1 }, []]);
    expect(await ana('get_alert', { alert_id: alert?.alert_id })).toMatchObject({
      alert: { source: 'alertmanager', element_id: 'tx-oak0012', labels: { vendor: 'acme' }, description: 'Rain' },
    });
    const ended = { status: 'resolved', startsAt: `${day}10:00:00Z`, endsAt: `${day}10:00:05Z` };
    expect(await sendAlertmanager(labels, ended)).toEqual([204, '']);
    await workUntil('10:00:10');
    expect(await listed({ site_code: 'OAK0012', status: ['resolved'] })).toMatchObject([{ alert_id: alert?.alert_id }]);
  });

  it('of a CloudWatch alarm through SNS, until it is OK', async () => {
    const alarm = (NewStateValue: string, time: string) =>
      JSON.stringify({
        AlarmName: 'QueueTooOld',
        AlarmArn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:QueueTooOld',
        ...{ NewStateValue, NewStateReason: 'Threshold Crossed', StateChangeTime: `${day}${time}+0000` },
        Trigger: { Dimensions: [{ value: 'TWR0003', name: 'SiteCode' }] },
      });
    const publish = (MessageId: string, Message: string) =>
      post('cloudwatch', topic.message({ MessageId, Message }), { 'content-type': 'text/plain; charset=UTF-8' });
    expect(await publish('m1', alarm('ALARM', '10:00:10.000'))).toEqual([204, '']);
    await workUntil('10:00:15');
    expect(await listed({ matchers: [{ name: 'source', value: 'cloudwatch' }] })).toMatchObject([
      { name: 'QueueTooOld', severity: 4, site_code: 'TWR0003', starts_at: `${day}10:00:10.000Z` },
    ]);
    expect(await publish('m2', alarm('OK', '10:00:15.000'))).toEqual([204, '']);
    await workUntil('10:00:20');
    expect(await listed({ site_code: 'TWR0003' })).toEqual([]);
  });

  it('of a program that signs', async () => {
    const body = JSON.stringify({ name: 'DoorOpen', severity: 'info', site_code: 'PRT0090', element_id: 'door-1' });
    const [id, timestamp] = ['p1', String(Math.floor(at.getTime() / 1000))];
    const signature = signatureOf(webhookKeys(key, 'ALERT_WEBHOOK_SECRET'), { id, timestamp }, Buffer.from(body));
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
    expect(await post('generic', body, { ...headers, 'content-type': 'application/json' })).toEqual([204, '']);
    await workUntil('10:00:25');
    const [alert] = await listed({ site_code: 'PRT0090' });
    expect(alert).toMatchObject({ name: 'DoorOpen', severity: 1, element_type: 'UNKNOWN' });
    expect(await ana('resolve_alert', { alert_id: alert?.alert_id, resolution: 'Shut.' })).toMatchObject({
      changed: true,
    });
  });

  it.each<
    readonly [
      why: string,
      sender: string,
      body: () => object | string,
      headers: () => Record<string, string>,
      (number | string)[],
    ]
  >([
    ['another token', 'alertmanager', () => alertmanager({}), () => bearer(`${token}x`), [401, 'invalid_signature']],
    ['no token', 'alertmanager', () => alertmanager({}), () => ({}), [401, 'invalid_signature']],
    ['no signature', 'generic', () => ({ name: 'x' }), () => bearer(), [401, 'invalid_signature']],
    ['over 1 MiB', 'alertmanager', () => ' '.repeat(1_048_577), () => bearer(), [413, 'too_large']],
    [
      'another topic',
      'cloudwatch',
      () => topic.message({ TopicArn: `${topic.arn}2` }),
      () => ({}),
      [403, 'untrusted_source'],
    ],
  ])('nothing of what comes with %s', async (_why, sender, body, headers, answer) => {
    const before = await listed({ status: ['firing', 'resolved'] });
    expect(await post(sender, body(), headers())).toEqual(answer);
    await workUntil('10:00:30');
    expect(await listed({ status: ['firing', 'resolved'] })).toEqual(before);
  });
});

/** Asked for by one person, and approved by Ben, who read it. */
const approved = async (by: typeof ana, tool: string, args: Structured): Promise<void> => {
  const { operation_id } = await by(tool, args);
  const { approval_hash } = await ben('get_operation', { operation_id });
  const done = await ben('approve_operation', { operation_id, action: 'approve', approval_hash });
  expect(done).toMatchObject({ status: 'applied' });
};

const Mail = z.object({
  Destination: z.object({ ToAddresses: z.tuple([z.string()]) }),
  Content: z.looseObject({ Simple: z.looseObject({ Subject: z.looseObject({ Data: z.string() }) }) }),
});
const Posted = z.looseObject({ text: z.string() });
/** What came to Slack and to mailboxes since it was asked last. */
const told = (): string[] => {
  const posts = slack.asked
    .splice(0)
    .map(({ target, body }) => `#${target.split('/').at(-1)} ${Posted.parse(JSON.parse(body)).text}`);
  const mails = topic.region.asked
    .splice(0)
    .filter(({ target }) => !target.endsWith('.pem'))
    .map(({ body }) => Mail.parse(JSON.parse(body)))
    .map(({ Destination, Content }) => `${Destination.ToAddresses[0]} ${Content.Simple.Subject.Data}`);
  return [...posts, ...mails];
};

describe('somebody is told', () => {
  beforeAll(async () => {
    await approved(ada, 'set_alert_route', { tree: { receiver: 'noc', group_by: ['site_code'] }, expected_version: 0 });
    await workUntil('10:59:59');
    told();
  });

  it('of a group once, after group_wait, and the steps of the escalation each once in their time, though two tasks look', async () => {
    at = new Date(`${day}11:00:00Z`);
    expect(await sendAlertmanager({ site_code: 'CZA0021', instance: 'tx-cza0021' })).toEqual([204, '']);
    const heard: Record<string, string[]> = {};
    for (const time of [
      '11:00:05',
      '11:00:34',
      '11:00:35',
      '11:00:40',
      '11:10:00',
      '11:15:04',
      '11:15:05',
      '11:30:00',
      '11:59:00',
    ]) {
      await workUntil(time);
      const since = told();
      if (since.length > 0) heard[time] = since;
    }
    expect(heard).toEqual({
      '11:00:05': [expect.stringMatching(/^leads@example.com .*step 1 of night/)],
      '11:00:35': [expect.stringMatching(/^#noc .*1 alert firing, the worst Critical.*LinkDown at CZA0021/s)],
      '11:15:05': [expect.stringMatching(/^chiefs@example.com .*step 2 of night/)],
    });
    const [alert] = await listed({ site_code: 'CZA0021' });
    expect(await ana('get_alert', { alert_id: alert?.alert_id })).toMatchObject({ alert: { escalation_level: 2 } });
  });

  it('of an acknowledged alert nobody but of its end', async () => {
    const [alert] = await listed({ site_code: 'CZA0021' });
    await ana('acknowledge_alert', { alert_id: alert?.alert_id, expires_in_min: 1440 });
    await workUntil('16:00:00');
    expect(told()).toEqual([]);
    await ana('resolve_alert', { alert_id: alert?.alert_id, resolution: 'Repaired.' });
    for (const time of ['16:01:00', '16:05:34']) await workUntil(time);
    expect(told()).toEqual([]);
    for (const time of ['16:05:35', '16:10:35']) await workUntil(time);
    expect(told()).toEqual(['#noc 1 alert over: LinkDown at CZA0021']);
  });

  it('of a silenced alert nobody, until the silence ends', async () => {
    const matchers = [{ name: 'site_code', value: 'MSH0031' }];
    await approved(ana, 'create_silence', { matchers, duration_min: 60, comment: 'New batteries' });
    await workUntil('16:11:00');
    told();
    expect(await sendAlertmanager({ site_code: 'MSH0031', instance: 'tx-msh0031' })).toEqual([204, '']);
    for (const time of ['16:11:05', '16:11:35', '16:30:00', '17:09:59']) await workUntil(time);
    expect(told()).toEqual([]);
    expect(await listed({ site_code: 'MSH0031', silenced: true })).toHaveLength(1);
    for (const time of ['17:11:00', '17:11:30', '17:12:00']) await workUntil(time);
    const [message, ...others] = slack.asked;
    for (const words of ['New batteries', 'ana@example.com', `${url}/alerts/`]) expect(message?.body).toContain(words);
    expect(others).toEqual([]);
    expect(told()).toEqual([
      '#noc 1 alert firing, the worst Critical: LinkDown at MSH0031',
      expect.stringMatching(/^leads@example.com .*step 1 of night/),
    ]);
  });
});
