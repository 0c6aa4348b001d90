import type { Sns, SnsMessage } from '../../../ports/sns.ts';
import { severityByName } from './alarm-severity.ts';
import type { PostFormat } from './post.ts';
import { createPostReader, formatOf } from './read-post.ts';

const arrived = '2026-05-01T10:20:00.000Z';
const signal = new AbortController().signal;

/** As SNS verified it: the signature has tests of its own. */
const trusting: Sns = {
  read: async (envelope) => {
    const { Type, Message, TopicArn } = envelope as Record<string, string>;
    const type = Type as SnsMessage['type'];
    const subscribeUrl = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription';
    const rest = { messageId: 'm1', topicArn: TopicArn ?? '', timestamp: new Date(arrived), message: Message ?? '' };
    return { type, ...rest, ...(type === 'SubscriptionConfirmation' && { subscribeUrl }) };
  },
};
const reader = createPostReader({
  ...{ sns: trusting, topics: [], now: () => new Date(arrived) },
  severityOf: severityByName(['prod-*-disk=critical', 'prod-*=minor', 'exact=info']),
});
const read = (payload: unknown, format: PostFormat | 'auto' = 'auto') => reader.read(payload, format, signal);
const one = async (payload: unknown) => (await read(payload)).alerts[0];

const linkDown = {
  status: 'firing',
  labels: {
    alertname: 'LinkDown',
    severity: 'critical',
    site_code: 'MSH0031',
    element_type: 'TRANSMISSION',
    instance: 'tx-7',
    vendor: 'acme',
    region: 'north',
  },
  annotations: { summary: 'Link is down', description: 'The link tx-7 is down' },
  startsAt: '2026-05-01T12:00:00.123456789+02:00',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus.example.com/graph?g0.expr=up',
  fingerprint: '0123456789abcdef',
};
const posted = (...alerts: readonly object[]) => ({
  version: '4',
  groupKey: '{}:{alertname="LinkDown"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'countersign',
  groupLabels: { alertname: 'LinkDown' },
  commonLabels: { severity: 'info' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example.com',
  alerts,
});

describe('a post of Alertmanager v4', () => {
  it('has each alert by its own status and labels, not those of the group', async () => {
    const { startsAt, ...ended } = { ...linkDown, status: 'resolved', endsAt: '2026-05-01T10:10:00Z' };
    const { alerts, times_corrected } = await read(posted(linkDown, { ...ended, startsAt }));
    expect(alerts[0]).toEqual({
      source: 'alertmanager',
      name: 'LinkDown',
      description: 'The link tx-7 is down',
      severity: 5,
      severity_defaulted: false,
      status: 'firing',
      site_code: 'MSH0031',
      element_type: 'TRANSMISSION',
      element_id: 'tx-7',
      labels: linkDown.labels,
      annotations: linkDown.annotations,
      starts_at: '2026-05-01T10:00:00.123Z',
      ends_at: null,
      received_at: arrived,
    });
    expect(alerts[1]).toMatchObject({ status: 'resolved', ends_at: '2026-05-01T10:10:00.000Z' });
    expect(times_corrected).toBe(0);
  });

  it.each([
    [
      'no labels',
      {},
      { name: 'unnamed', severity: 2, severity_defaulted: true, site_code: '', element_type: 'UNKNOWN' },
    ],
    ['a severity that is no word', { severity: 'page' }, { severity: 2, severity_defaulted: true }],
    ['severity P1', { severity: 'P1' }, { severity: 5, severity_defaulted: false }],
    ['a site in small letters', { site_code: ' msh0031 ' }, { site_code: 'MSH0031' }],
    ['a site that is none', { site_code: 'MSH 0031' }, { site_code: '' }],
    ['an element in small letters', { element_type: 'cell_site' }, { element_type: 'CELL_SITE' }],
    ['an element that is none', { element_type: 'ROUTER' }, { element_type: 'UNKNOWN' }],
  ])('is taken with %s', async (_name, labels, expected) => {
    expect(await one(posted({ ...linkDown, labels }))).toMatchObject(expected);
  });

  it('takes the summary where there is no description, and nothing where there is neither', async () => {
    expect(await one(posted({ ...linkDown, annotations: { summary: 'Down' } }))).toMatchObject({ description: 'Down' });
    expect(await one(posted({ ...linkDown, annotations: {} }))).toMatchObject({ description: '' });
  });

  it('does not end an alert that fires, whatever its endsAt', async () => {
    expect(await one(posted({ ...linkDown, endsAt: '2026-05-01T10:30:00Z' }))).toMatchObject({ ends_at: null });
  });

  it('has no end where a resolved alert says the zero time of Go', async () => {
    expect(await one(posted({ ...linkDown, status: 'resolved' }))).toMatchObject({ status: 'resolved', ends_at: null });
  });

  it.each([
    ['another version', { ...posted(), version: '5' }, 'payload.version'],
    ['its version as a number', { ...posted(), version: 4 }, 'payload.version'],
    ['no list of alerts', { ...posted(), alerts: {} }, 'payload.alerts'],
    ['another status', posted({ ...linkDown, status: 'pending' }), 'payload.alerts.0.status'],
    ['a label that is no text', posted({ ...linkDown, labels: { severity: 5 } }), 'payload.alerts.0.labels.severity'],
  ])('is refused with %s, by its place', async (_name, payload, place) => {
    await expect(read(payload)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(place),
    });
  });

  it('cuts what is longer than is kept, because a group of 500 must not be lost for one text', async () => {
    const alert = await one(posted({ ...linkDown, annotations: { description: `${'x'.repeat(4095)}😀` } }));
    expect(alert?.description).toBe(`${'x'.repeat(4095)}\ufffd`);
  });
});

describe('times that senders say', () => {
  const startOf = async (startsAt: string | undefined) => {
    const post = await read(posted({ ...linkDown, startsAt }));
    return [post.alerts[0]?.starts_at, post.times_corrected];
  };
  it.each([
    ['up to five minutes ahead are theirs', '2026-05-01T10:25:00.000Z', '2026-05-01T10:25:00.000Z', 0],
    ['further ahead are when they arrived', '2026-05-01T10:25:00.001Z', arrived, 1],
    ['that are late are theirs', '2026-03-01T00:00:00Z', '2026-03-01T00:00:00.000Z', 0],
    ['that are missing are when they arrived', undefined, arrived, 0],
    ['that are the zero time of Go are when they arrived', '0001-01-01T00:00:00Z', arrived, 0],
    ['that nobody can read are when they arrived', 'yesterday', arrived, 1],
  ])('%s', async (_name, said, expected, corrected) => {
    expect(await startOf(said)).toEqual([expected, corrected]);
  });

  it('never end further ahead either', async () => {
    const post = await read(posted({ ...linkDown, status: 'resolved', endsAt: '2026-05-01T12:00:00Z' }));
    expect([post.alerts[0]?.ends_at, post.times_corrected]).toEqual([arrived, 1]);
  });
});

const alarm = {
  AlarmName: 'LinkDown',
  AlarmDescription: 'Watches the link',
  AWSAccountId: '111122223333',
  NewStateValue: 'ALARM',
  NewStateReason: 'Threshold Crossed: 1 datapoint [0.0] was less than the threshold (1.0).',
  StateChangeTime: '2026-05-01T10:15:30.123+0000',
  Region: 'EU (Ireland)',
  AlarmArn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:LinkDown',
  OldStateValue: 'OK',
  Trigger: {
    MetricName: 'LinkUp',
    Namespace: 'Network',
    Dimensions: [
      { value: 'MSH0031', name: 'SiteCode' },
      { value: 'TRANSMISSION', name: 'ElementType' },
      { value: 'tx-7', name: 'Link' },
    ],
  },
};
const topicArn = 'arn:aws:sns:eu-west-1:111122223333:alarms';
const published = (over: object = {}) => ({
  Type: 'Notification',
  TopicArn: topicArn,
  Message: JSON.stringify({ ...alarm, ...over }),
});

describe('an alarm of CloudWatch in a message of SNS', () => {
  it('begins an alert of severity 4 at its StateChangeTime, whose offset has no colon', async () => {
    expect(await one(published())).toEqual({
      source: 'cloudwatch',
      name: 'LinkDown',
      description: alarm.NewStateReason,
      severity: 4,
      severity_defaulted: false,
      status: 'firing',
      site_code: 'MSH0031',
      element_type: 'TRANSMISSION',
      element_id: alarm.AlarmArn,
      labels: { Link: 'tx-7' },
      annotations: {},
      starts_at: '2026-05-01T10:15:30.123Z',
      ends_at: null,
      received_at: arrived,
    });
  });

  it('ends it with OK, and says nothing with INSUFFICIENT_DATA', async () => {
    expect(await one(published({ NewStateValue: 'OK' }))).toMatchObject({
      status: 'resolved',
      ends_at: '2026-05-01T10:15:30.123Z',
    });
    expect(await one(published({ NewStateValue: 'INSUFFICIENT_DATA' }))).toBeNull();
  });

  it('is taken without a trigger, as of a composite alarm', async () => {
    expect(await one(published({ Trigger: undefined }))).toMatchObject({ site_code: '', element_type: 'UNKNOWN' });
  });

  it.each([
    ['prod-a-disk', 5],
    ['prod-a-disk-2', 3],
    ['prod-', 3],
    ['exact', 1],
    ['exactly', 4],
    ['LinkDown', 4],
  ])('%s has severity %i, where the names of alarms are mapped', async (AlarmName, severity) => {
    expect(await one(published({ AlarmName }))).toMatchObject({ severity });
  });

  it('asks to be confirmed, and is taken for nothing else', async () => {
    expect(await read({ ...published(), Type: 'SubscriptionConfirmation' })).toMatchObject({
      alerts: [],
      needs_confirmation: { topic: topicArn, address: expect.stringContaining('ConfirmSubscription') },
    });
    expect(await read({ ...published(), Type: 'UnsubscribeConfirmation' })).toMatchObject({ alerts: [] });
  });

  it.each([
    ['a text', { ...published(), Message: 'Hello' }, 'payload.Message'],
    ['another state', published({ NewStateValue: 'PENDING' }), 'payload.NewStateValue'],
    ['no name', published({ AlarmName: undefined }), 'payload.AlarmName'],
  ])('is refused where the message is %s', async (_name, payload, place) => {
    await expect(read(payload)).rejects.toThrow(place);
  });
});

describe('a post of the generic form', () => {
  const whole = {
    source: 'probe',
    name: 'CellOut',
    description: 'No carrier',
    severity: 'major',
    status: 'resolved',
    site_code: 'CZA0021',
    element_type: 'CELL_SITE',
    element_id: 'cell-3',
    labels: { band: '20' },
    annotations: { runbook: 'https://example.com' },
    starts_at: '2026-05-01T10:00:00Z',
    ends_at: '2026-05-01T12:10:00+02:00',
  };

  it('has the names of the data model', async () => {
    expect(await one(whole)).toEqual({
      ...whole,
      severity: 4,
      severity_defaulted: false,
      starts_at: '2026-05-01T10:00:00.000Z',
      ends_at: '2026-05-01T10:10:00.000Z',
      received_at: arrived,
    });
  });

  it('needs a name only', async () => {
    expect(await one({ name: 'CellOut' })).toEqual({
      source: 'generic',
      name: 'CellOut',
      description: '',
      severity: 2,
      severity_defaulted: true,
      status: 'firing',
      site_code: '',
      element_type: 'UNKNOWN',
      element_id: '',
      labels: {},
      annotations: {},
      starts_at: arrived,
      ends_at: null,
      received_at: arrived,
    });
  });

  it('is one alert, a list of them, or an object with the list', async () => {
    const [a, b] = [{ name: 'A' }, { name: 'B', severity: 3 }];
    for (const payload of [[a, b], { alerts: [a, b] }])
      expect((await read(payload)).alerts.map((alert) => [alert?.name, alert?.severity])).toEqual([
        ['A', 2],
        ['B', 3],
      ]);
  });

  it.each([
    ['no name', {}, 'payload.alerts.0.name'],
    ['an unknown member', { name: 'A', sitecode: 'X1' }, 'sitecode'],
    ['a site that is none', { name: 'A', site_code: 'cza' }, 'payload.alerts.0.site_code'],
    [
      'an element that is none',
      [{ name: 'A' }, { name: 'B', element_type: 'ROUTER' }],
      'payload.alerts.1.element_type',
    ],
    ['a severity past 5', { name: 'A', severity: 6 }, 'payload.alerts.0.severity'],
    ['a time that is none', { name: 'A', starts_at: 'today' }, 'payload.alerts.0.starts_at'],
    ['the source of another form', { name: 'A', source: 'cloudwatch' }, 'payload.alerts.0.source'],
    ['a text', 'CellOut', 'payload.alerts.0'],
  ])('is refused with %s, by its place', async (_name, payload, place) => {
    await expect(read(payload)).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(place),
    });
  });
});

describe('any post', () => {
  it.each([
    ['alertmanager', posted()],
    ['alertmanager', { ...posted(), version: undefined }],
    ['cloudwatch_sns', published()],
    ['generic', { name: 'A' }],
    ['generic', { alerts: [{ name: 'A' }] }],
    ['generic', [{ name: 'A' }]],
  ])('is told to be %s by its members', (format, payload) => {
    expect(formatOf(JSON.parse(JSON.stringify(payload)))).toBe(format);
  });

  it('is too large over 500 alerts, or over 1 MiB', async () => {
    const alert = { name: 'A' };
    await expect(read(Array.from({ length: 501 }, () => alert))).rejects.toMatchObject({ code: 'too_large' });
    expect((await read(Array.from({ length: 500 }, () => alert))).alerts).toHaveLength(500);
    await expect(read({ name: 'A', description: 'x'.repeat(1_048_576) })).rejects.toMatchObject({ code: 'too_large' });
  });
});
