import { openReceivers, type Receivers, slackToken, webhookSecret } from '../../test/rigs/receivers.ts';
import { openStandIn } from '../../test/rigs/stand-in.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { NoticeMessage, SendOutcome } from '../ports/notify.ts';
import { publicAddresses } from '../upstream/public-lookup.ts';
import { type OpenSenders, openSenders, type SendersParts } from './open.ts';

const counted: string[] = [];
const metrics: Metrics = {
  count: (metric, dimensions) => void counted.push([metric, ...Object.values(dimensions)].join(' ')),
  observe: () => {},
  set: () => {},
};
const now = () => new Date(1_796_000_000_000);
const config = {
  ENVIRONMENT: 'prod',
  MAIL_FROM: undefined,
  MAIL_CONFIGURATION_SET: undefined,
  AWS_REGION: undefined,
  AWS_ENDPOINT_URL: undefined,
} satisfies SendersParts['config'];

/** Time passes for whoever waits. */
let elapsed = 0;
const clock = {
  now: () => elapsed,
  sleep: async (milliseconds: number, signal: AbortSignal) => {
    signal.throwIfAborted();
    elapsed += milliseconds;
  },
};

let there: Receivers;
let open: OpenSenders;
beforeAll(async () => {
  there = await openReceivers(now, clock.now);
  open = await openSenders({ config, metrics, now, guard: there.guard, slackApi: there.slackApi, clock });
});
afterAll(async () => {
  await open.close();
  there.close();
});
beforeEach(() => {
  there.answer();
  counted.length = 0;
});

const signal = AbortSignal.timeout(30_000);
const link = {
  type: 'button',
  text: { type: 'plain_text', text: 'See it' },
  url: 'https://mcp.example.com/approvals/1',
};
const slack: NoticeMessage<'slack'> = {
  id: 'evt_02',
  body: { text: 'A change waits', blocks: [{ type: 'actions', elements: [link] }] },
};
const card = { type: 'AdaptiveCard', actions: [{ type: 'Action.OpenUrl', title: 'See it', url: link.url }] };
const teams: NoticeMessage<'teams'> = {
  id: 'evt_03',
  body: { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }] },
};
const signed: NoticeMessage<'webhook'> = { id: 'evt_01', body: { type: 'a' } };

const toWebhook = (path = '/hooks/a', secrets: readonly string[] = [webhookSecret]) =>
  open.senders.webhook?.(signed, { url: `${there.url}${path}`, secrets }, signal);
const toTeams = (key = 'teams-key') =>
  open.senders.teams?.(teams, { url: `${there.url}/workflows/1?sig=${key}` }, signal);
let webhooks = 0;
const toSlack = (path = `/services/T/B/${++webhooks}`) =>
  open.senders.slack?.(slack, { kind: 'incoming-webhook', url: `${there.url}${path}` }, signal);
const toPerson = (email: string, token = slackToken) =>
  open.senders.slack?.(slack, { kind: 'person', token, email }, signal);
const accepted: SendOutcome = { outcome: 'accepted' };

const answering = (status: number, text = '', headers: Record<string, string> = {}) =>
  there.answer((response) => void response.writeHead(status, headers).end(text));

describe('a signed webhook', () => {
  it('has the signature that the standard’s example has, and is taken', async () => {
    expect(await toWebhook()).toEqual(accepted);
    const [{ headers, body } = { headers: {}, body: '' }] = there.asked;
    expect(body).toBe('{"type":"a"}');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'evt_01',
      'webhook-timestamp': '1796000000',
      'webhook-signature': 'v1,fLcQXDX5plmYwRhjcm7bNbb1eWgn37l90cXd1TbopJ8=',
    });
    expect(counted).toEqual(['UpstreamCalls notices-webhook ok']);
  });

  it('is signed with each of several secrets while they are changed', async () => {
    const next = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    expect(await toWebhook('/hooks/a', [next, webhookSecret])).toEqual(accepted);
    expect(String(there.asked[0]?.headers['webhook-signature']).split(' ')).toHaveLength(2);
    expect(await toWebhook('/hooks/a', [next])).toEqual({ outcome: 'retry', because: 'the receiver answered 401' });
  });

  it('is given up at 410 only', async () => {
    answering(410);
    expect(await toWebhook()).toEqual({ outcome: 'gone', because: 'the receiver answered 410' });
    answering(503, '', { 'retry-after': '120' });
    expect(await toWebhook()).toEqual({
      outcome: 'retry',
      because: 'the receiver answered 503',
      afterSeconds: 120,
    });
  });

  it('follows no redirect', async () => {
    answering(307, '', { location: '/hooks/b' });
    expect(await toWebhook()).toEqual({ outcome: 'retry', because: 'the receiver answered 307' });
    expect(there.asked).toHaveLength(1);
  });

  it('is accepted whatever the receiver writes, which nobody reads', async () => {
    answering(200, 'x'.repeat(300_000));
    expect(await toWebhook()).toEqual(accepted);
  });

  it('with an unusable secret is refused, without the secret', async () => {
    const outcome = await toWebhook('/hooks/a', ['whsec_c2hvcnQ=']);
    expect(outcome).toEqual({
      outcome: 'refused',
      because: 'its secrets must be whsec_ and the base64 of 24 to 64 bytes',
    });
    expect(there.asked).toEqual([]);
  });
});

describe('addresses of messages', () => {
  const refused = { outcome: 'refused', because: 'the address must be https and lead to the public internet' };
  let guarded: OpenSenders;
  beforeAll(async () => {
    // What a private network's own name server says of these names.
    const resolve = async () => [{ address: '10.0.0.7', family: 4 }];
    guarded = await openSenders({ config, metrics, now, guard: { ...publicAddresses, resolve } });
  });
  afterAll(() => guarded.close());

  it.each([
    'http://hooks.example.com/a',
    'https://internal.example.com/a',
    'https://169.254.169.254/latest/meta-data/',
    'https://2852039166/latest/meta-data/',
    'https://0x7f.1/',
    'https://[::1]/a',
    'https://[::ffff:10.0.0.7]/a',
    'https://user:password@hooks.example.com/a',
    'file:///etc/passwd',
    'no address',
  ])('such as %s are refused, and nothing is connected', async (url) => {
    expect(await guarded.senders.webhook?.(signed, { url, secrets: [webhookSecret] }, signal)).toEqual(refused);
    expect(await guarded.senders.teams?.(teams, { url }, signal)).toEqual(refused);
    expect(await guarded.senders.slack?.(slack, { kind: 'incoming-webhook', url }, signal)).toEqual(refused);
    expect(counted).toEqual([
      'UpstreamCalls notices-webhook unsent',
      'UpstreamCalls notices-teams unsent',
      'UpstreamCalls notices-slack unsent',
    ]);
  });

  it('on this machine are for an environment on it', async () => {
    const hook = await openStandIn((response) => response.writeHead(204).end());
    const address = { url: `${hook.url}/a`, secrets: [webhookSecret] };
    expect(await open.senders.webhook?.(signed, address, signal)).toEqual(refused);
    const local = await openSenders({ config: { ...config, ENVIRONMENT: 'local' }, metrics, now });
    expect(await local.senders.webhook?.(signed, address, signal)).toEqual(accepted);
    expect(await local.senders.webhook?.(signed, { ...address, url: 'http://10.0.0.7/a' }, signal)).toEqual(refused);
    expect(hook.asked).toHaveLength(1);
    await local.close();
    hook.close();
  });

  it('that nobody answers are tried again', async () => {
    there.answer((response) => response.destroy());
    expect(await toTeams()).toMatchObject({
      outcome: 'retry',
      because: expect.stringMatching(/^no answer \([A-Z_]+\)$/),
    });
    const gone = new AbortController();
    there.answer(() => gone.abort(new DOMException('too late', 'TimeoutError')));
    const late = await open.senders.teams?.(teams, { url: `${there.url}/workflows/1?sig=teams-key` }, gone.signal);
    expect(late).toEqual({ outcome: 'retry', because: 'no answer in time' });
  });
});

describe('Teams', () => {
  it('takes a card, and 202 is all it says', async () => {
    expect(await toTeams()).toEqual(accepted);
    expect(JSON.parse(there.asked[0]?.body ?? '')).toEqual(teams.body);
  });

  it.each<[number, string, SendOutcome['outcome']]>([
    [401, '{"error":{"code":"DirectApiAuthorizationRequired"}}', 'gone'],
    [404, '', 'gone'],
    [400, '{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"..."}}', 'gone'],
    [400, '{"error":{"code":"TriggerInputSchemaMismatch"}}', 'refused'],
    [413, '', 'refused'],
    [429, '', 'retry'],
    [502, '', 'retry'],
  ])('with %i %s is %s', async (status, text, outcome) => {
    answering(status, text, { 'retry-after': '9' });
    const got = await toTeams();
    expect(got).toMatchObject({ outcome, ...(outcome === 'retry' && { afterSeconds: 9 }) });
    expect(JSON.stringify(got)).not.toContain('error');
  });

  it('with another key is given up, and the key is not told', async () => {
    const outcome = await toTeams('stolen-key');
    expect(outcome?.outcome).toBe('gone');
    expect(JSON.stringify(outcome)).not.toContain('stolen-key');
  });
});

describe('a webhook of Slack', () => {
  it('gets a message a second, which the sender waits for', async () => {
    for (let n = 0; n < 3; n += 1) expect(await toSlack('/services/same')).toEqual(accepted);
    expect(await toSlack()).toEqual(accepted);
    expect(elapsed).toBe(2000);
    expect(counted).toEqual(Array(4).fill('UpstreamCalls notices-slack ok'));
  });

  it('has messages sent later that would wait long, or whose time is over', async () => {
    const address = { kind: 'incoming-webhook', url: `${there.url}/services/many` } as const;
    const still = { now: () => 0, sleep: () => Promise.reject(new Error('aborted')) };
    const held = await openSenders({ config, metrics, now, guard: there.guard, clock: still });
    const outcomes = [];
    for (let n = 0; n < 5; n += 1) outcomes.push(await held.senders.slack?.(slack, address, signal));
    await held.close();
    const later = { outcome: 'retry', because: 'many messages wait for this address' };
    const soon = { ...later, afterSeconds: 1 };
    expect(outcomes).toEqual([accepted, soon, soon, soon, { ...later, afterSeconds: 4 }]);
  });

  it.each<[number, SendOutcome]>([
    [429, { outcome: 'retry', because: 'Slack answered 429', afterSeconds: 30 }],
    [500, { outcome: 'retry', because: 'Slack answered 500', afterSeconds: 30 }],
    [404, { outcome: 'gone', because: 'Slack answered 404: the webhook was removed' }],
    [410, { outcome: 'gone', because: 'Slack answered 410: the webhook was removed' }],
    [403, { outcome: 'gone', because: 'Slack answered 403: the webhook was removed' }],
    [400, { outcome: 'refused', because: 'Slack answered 400' }],
  ])('that answers %i', async (status, outcome) => {
    answering(status, 'said by Slack', { 'retry-after': '30' });
    expect(await toSlack()).toEqual(outcome);
  });
});

describe('the app of Slack', () => {
  it('looks a person up, and writes to them with the message’s id', async () => {
    expect(await toPerson('ana@example.com')).toEqual(accepted);
    expect(there.asked.map(({ target }) => target)).toEqual(['/api/users.lookupByEmail', '/api/chat.postMessage']);
    expect(JSON.parse(there.asked[1]?.body ?? '')).toEqual({
      ...slack.body,
      channel: 'U0ANA',
      metadata: { event_type: 'countersign_notice', event_payload: { id: 'evt_02' } },
    });
  });

  it('gives up a person whom Slack does not know', async () => {
    expect(await toPerson('eve@example.com')).toEqual({
      outcome: 'gone',
      because: 'Slack knows nobody of this mail address',
    });
  });

  it('tries again with a token that is not accepted, because that is nobody’s address', async () => {
    const outcome = await toPerson('ben@example.com', 'xoxb-revoked-token');
    expect(outcome).toEqual({ outcome: 'retry', because: 'Slack does not accept the token of the app' });
  });

  it.each<[string, SendOutcome['outcome']]>([
    ['{"ok":false,"error":"invalid_blocks_format"}', 'refused'],
    ['{"ok":false,"error":"fatal_error"}', 'retry'],
    ['{"ok":true}', 'retry'],
    ['<html>a proxy</html>', 'retry'],
    ['{"ok":false,"error":"users_not_found<script>"}', 'retry'],
  ])('that answers 200 with %s: %s', async (text, outcome) => {
    answering(200, text);
    const got = await toPerson(`${text.length}@example.com`);
    expect(got?.outcome).toBe(outcome);
    expect(JSON.stringify(got)).not.toMatch(/script|html/);
  });
});
