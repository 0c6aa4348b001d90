/** Acceptance examples 3 and 4 of alerts, through the tool and the webhooks of the whole service. */
import { type AlertsPack, openAlertsPack } from '../../../../test/rigs/alerts.ts';

const world = { now: new Date('2026-05-01T10:00:30.000Z') };
let pack: AlertsPack;
beforeAll(async () => {
  pack = await openAlertsPack(() => world.now);
});
afterAll(() => pack.close());

const linkDown = (over: object = {}, labels: object = {}) => ({
  status: 'firing',
  labels: {
    alertname: 'LinkDown',
    severity: 'critical',
    site_code: 'MSH0031',
    element_type: 'TRANSMISSION',
    instance: 'tx-7',
    region: 'north',
    vendor: 'acme',
    ...labels,
  },
  annotations: {},
  startsAt: '2026-05-01T10:00:00Z',
  endsAt: '0001-01-01T00:00:00Z',
  ...over,
});
const unknownEnded = { ...linkDown({ status: 'resolved', endsAt: '2026-05-01T10:00:00Z' }, { instance: 'tx-9' }) };
const posted = (...alerts: readonly object[]) => ({ version: '4', groupKey: '{}', alerts });
const ingest = async (payload: unknown, more: object = {}) => {
  const answer = await pack.call('ingest_alert', { payload, ...more });
  return answer as { outcomes: { outcome: string; alert_id?: string }[]; counts: Record<string, number> };
};
const told = async (payload: unknown) => (await ingest(payload)).outcomes.map(({ outcome }) => outcome);
const fingerprint = 'c86284e2d65a82ed361d7073c69e880d';
const stored = async (alert_id = fingerprint) =>
  ((await pack.call('get_alert', { alert_id })) as { alert: Record<string, unknown> }).alert;

describe('acceptance example 3', () => {
  it('goes through all outcomes of the table', async () => {
    const post = posted(linkDown(), unknownEnded);
    expect(await told(post)).toEqual(['created', 'ignored']);
    expect(await told(post)).toEqual(['duplicate', 'ignored']);
    expect(await stored()).toMatchObject({ severity: 5, duplicate_count: 1 });

    world.now = new Date('2026-05-01T10:30:00.000Z');
    expect(await told(posted(linkDown({}, { severity: 'warning' })))).toEqual(['updated']);
    expect(await stored()).toMatchObject({ severity: 2, status: 'firing' });

    world.now = new Date('2026-05-01T11:00:30.000Z');
    const ended = linkDown({ status: 'resolved', endsAt: '2026-05-01T11:00:00Z' });
    expect(await told(posted(ended))).toEqual(['resolved']);
    expect(await stored()).toMatchObject({ status: 'resolved' });

    world.now = new Date('2026-05-01T11:46:00.000Z');
    expect((await ingest(posted(linkDown({ startsAt: '2026-05-01T11:45:00.000Z' })))).outcomes).toMatchObject([
      { outcome: 'reopened', alert_id: fingerprint },
    ]);
    expect(await stored()).toMatchObject({
      status: 'firing',
      occurrence_count: 2,
      starts_at: '2026-05-01T11:45:00.000Z',
    });
  });

  it('begins another alert a millisecond later', async () => {
    const other = { instance: 'tx-8' };
    await told(posted(linkDown({}, other), linkDown({ status: 'resolved', endsAt: '2026-05-01T11:00:00Z' }, other)));
    const { outcomes } = await ingest(posted(linkDown({ startsAt: '2026-05-01T11:45:00.001Z' }, other)));
    expect(outcomes).toMatchObject([{ outcome: 'created', alert_id: expect.stringMatching(/^[0-9a-f]{32}-2$/) }]);
  });
});

describe('ingest_alert', () => {
  it('says in a dry run what it would do, as it then does, and keeps nothing of that', async () => {
    const own = { instance: 'tx-dry' };
    const post = posted(
      linkDown({}, own),
      linkDown({}, own),
      linkDown({ status: 'resolved', endsAt: '2026-05-01T11:00:00Z' }, own),
      linkDown({ startsAt: '2026-05-01T11:45:00.001Z' }, own),
      unknownEnded,
    );
    const all = async () => (await pack.objects.list('', { limit: 1000 })).items.map(({ key, etag }) => [key, etag]);
    const before = await all();
    const preview = await pack.preview('ingest_alert', { payload: post });
    expect(preview).toMatchObject({ counts: { created: 2, duplicate: 1, resolved: 1, ignored: 1 } });
    expect(await all()).toEqual(before);
    expect(await pack.preview('ingest_alert', { payload: post })).toEqual(preview);
    expect(await ingest(post)).toEqual(preview);
  });

  it('counts what became of many, and shows the first twenty', async () => {
    const alerts = Array.from({ length: 50 }, (_, index) => ({ name: 'CellOut', element_id: `cell-${index % 40}` }));
    const { outcomes, counts } = await ingest({ alerts });
    expect([outcomes.length, counts.created, counts.duplicate]).toEqual([20, 40, 10]);
  });
});
