import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pino from 'pino';
import { alerts as contract } from '../../../../../contracts/packs/alerts.ts';
import { type OnePack, openOnePack } from '../../../../test/rigs/one-pack.ts';
import { folderObjects } from '../../../objects/folder.ts';
import { linked } from '../../../objects/index.ts';
import { createLinks } from '../../../objects/links.ts';
import { ownObjects } from '../../own-objects.ts';
import { decidePost } from '../life/decide.ts';
import { type ElementType, elementTypes } from '../model/element.ts';
import type { AlertEvent } from '../model/event.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import type { IncomingAlert } from '../model/incoming.ts';
import { parseSeverity } from '../model/severity.ts';
import { createSilences } from '../silences/silences.ts';
import { createEvents } from '../store/events.ts';
import { createStates } from '../store/states.ts';

const now = () => new Date('2026-05-01T18:00:00.000Z');
const log = pino({ level: 'silent' });

/** The sandbox would have alarms of its own. */
const withoutStory = {
  ALERT_NETWORK: 'live',
  ...{ SSO_ISSUER: 'https://login.example.com', SSO_CLIENT_ID: 'x', SSO_CLIENT_SECRET: 'y' },
};

let folder: string;
let pack: OnePack;

const element = (text: string): ElementType => elementTypes.find((type) => type.startsWith(text)) ?? 'UNKNOWN';

/** `site from-until element severity name`; until is left out of what is open. */
const posts = (line: string, index: number): IncomingAlert[] => {
  const [site_code = '', times = '', type = '', severity, name = ''] = line.split(' ');
  const [starts_at, ends_at] = times.split('-').map((time) => `2026-05-01T${time}:00.000Z`);
  if (starts_at === undefined) throw new Error(line);
  const fires: IncomingAlert = {
    source: 'test',
    name,
    description: '',
    ...{ ...parseSeverity(severity), severity_defaulted: false },
    status: 'firing',
    site_code: site_code === '-' ? '' : site_code,
    element_type: element(type),
    element_id: String(index),
    labels: {},
    annotations: {},
    starts_at,
    ends_at: null,
    received_at: starts_at,
  };
  return ends_at === undefined ? [fires] : [fires, { ...fires, status: 'resolved', ends_at, received_at: ends_at }];
};

const network = [
  'CZA0021 10:00 POWER 5 MainsFailure',
  'CZA0021 10:03 TRANS 4 LinkDown',
  'CZA0021 10:05-17:00 CELL 3 CellOut',
  'CZA0021 10:06-17:00 CELL 3 CellOut',
  'MSH0031 11:00-12:00 TRANS 5 LinkDown',
  'MSH0031 11:30-13:00 CELL 5 CellOut',
  'HRE0042 15:00 CELL 5 CellOut',
  'BYO0007 09:00-09:30 CELL 2 Noise',
  'GWE0001 16:00 POWER 5 Planned',
  '- 09:00 CELL 5 Unplaced',
];

const seed = async (): Promise<void> => {
  const links = createLinks({ key: new Uint8Array(32), publicUrl: 'http://localhost:3000', now });
  const objects = ownObjects('alerts', contract, linked(folderObjects(join(folder, 'objects')), links));
  const states = createStates(objects, log, now);
  const events: AlertEvent[] = [];
  for (const [at, incoming] of network.flatMap(posts).entries())
    await states.changeCurrent(fingerprintOf(incoming), (current, alertId) => {
      const eventId = `e${String(at).padStart(3, '0')}`;
      const { alert, event } = decidePost(current, incoming, { alertId, eventId });
      if (event !== undefined) events.push(event);
      return alert;
    });
  await createEvents(objects).write('batch', events);
  const silence = {
    silence_id: 'silence-1',
    matchers: [{ name: 'site_code', value: 'GWE0001', isRegex: false, isEqual: true }],
    starts_at: '2026-05-01T15:00:00.000Z',
    ends_at: '2026-05-01T20:00:00.000Z',
    ...{ created_by: 'ana@example.com', created_by_id: 'ana', created_at: '2026-05-01T14:00:00.000Z' },
    ...{ comment: 'New batteries', kind: 'maintenance' as const, ended_at: null, ended_by: null },
  };
  await createSilences(objects, log, now).put(silence.silence_id, silence, undefined);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-analyses-'));
  pack = await openOnePack('alerts', { DATA_DIR: folder, ...withoutStory }, [], now);
  await seed();
});
afterAll(async () => {
  await pack.close();
  await rm(folder, { recursive: true });
});

describe('analyze_site_patterns', () => {
  it('example 5: tells status, confidence and health with what they rest on', async () => {
    expect(await pack.call('analyze_site_patterns', { site_code: 'CZA0021' })).toMatchObject({
      as_of: '2026-05-01T18:00:00.000Z',
      days_back: 7,
      data: 'ok',
      status: 'DOWN',
      confidence: 0.75,
      health: 48,
      open_alerts: 2,
      clusters_24h: 1,
      metrics: { alarms: 4, mttr_min: 414.5, mtbe_min: null },
      clusters: [{ started_at: '2026-05-01T10:00:00.000Z', ended_at: '2026-05-01T10:06:00.000Z', alarms: 4 }],
    });
  });

  it('example 5: leaves the union of Critical intervals out of the availability', async () => {
    const { metrics } = await pack.call('analyze_site_patterns', { site_code: 'MSH0031', days_back: 1 });
    expect(metrics).toMatchObject({ availability: 0.9167, alarms_per_day: 2 });
  });

  it('tells how a site was at an earlier moment', async () => {
    const earlier = { site_code: 'MSH0031', as_of: '2026-05-01T11:45:00Z' };
    expect(await pack.call('analyze_site_patterns', earlier)).toMatchObject({ open_alerts: 2, status: 'DOWN' });
    const before = { site_code: 'MSH0031', as_of: '2026-05-01T11:00:00Z' };
    expect(await pack.call('analyze_site_patterns', before)).toMatchObject({ alarms: 0, open_alerts: 1 });
    const long = { site_code: 'MSH0031', as_of: '2026-05-01T08:00:00Z' };
    expect(await pack.call('analyze_site_patterns', long)).toMatchObject({ data: 'none', status: null, health: null });
  });

  it('says that nothing was ever heard of a site, instead of that it is well', async () => {
    expect(await pack.call('analyze_site_patterns', { site_code: 'NEVER-SEEN' })).toMatchObject({
      data: 'none',
      status: null,
      confidence: null,
      health: null,
      metrics: null,
      clusters: [],
    });
  });

  it.each([
    [{ site_code: 'cza0021' }],
    [{ site_code: 'CZA0021', days_back: 0 }],
    [{ site_code: 'CZA0021', days_back: 91 }],
    [{ site_code: 'CZA0021', as_of: 'yesterday' }],
  ])('refuses %j', async (input) => {
    await expect(pack.call('analyze_site_patterns', input)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

it('compare_sites puts the worst first, and sites never seen last', async () => {
  const site_codes = ['NEVER-SEEN', 'BYO0007', 'HRE0042', 'CZA0021'];
  const { sites, similarity } = await pack.call('compare_sites', { site_codes });
  expect(sites).toMatchObject([
    { site_code: 'CZA0021', status: 'DOWN', health: 48 },
    { site_code: 'HRE0042', status: 'DEGRADED', health: 75 },
    { site_code: 'BYO0007', status: 'OPERATIONAL', health: 99.8 },
    { site_code: 'NEVER-SEEN', data: 'none', status: null, z: {} },
  ]);
  expect(similarity).toContainEqual({ site_a: 'HRE0042', site_b: 'CZA0021', jaccard: 0.3333, shared_names: 1 });
  await expect(pack.call('compare_sites', { site_codes: ['CZA0021'] })).rejects.toMatchObject({
    code: 'invalid_input',
  });
});

describe('generate_site_health_dashboard', () => {
  it('counts sites by status, and knows which are in maintenance', async () => {
    expect(await pack.call('generate_site_health_dashboard', {})).toMatchObject({
      sites: 5,
      by_status: { MAINTENANCE: 1, DOWN: 1, DEGRADED: 1, OPERATIONAL: 2 },
      alarms: 9,
      alarms_without_site: 1,
      worst: [
        { site_code: 'CZA0021', status: 'DOWN', health: 48, open_critical: 1 },
        { site_code: 'GWE0001', status: 'MAINTENANCE', health: 62.5, confidence: 1 },
        { site_code: 'HRE0042', health: 75 },
        { site_code: 'MSH0031' },
        { site_code: 'BYO0007', health: 99.8 },
      ],
    });
  });

  it('agrees with the report of each site', async () => {
    const { worst } = await pack.call('generate_site_health_dashboard', {});
    for (const site of worst as { site_code: string; status: string; health: number }[])
      expect(await pack.call('analyze_site_patterns', { site_code: site.site_code })).toMatchObject(site);
  });

  it('shows as many sites as are asked for, and has all of them in a file by link', async () => {
    const { worst, rest } = await pack.call('generate_site_health_dashboard', { worst_n: 2 });
    expect(worst).toHaveLength(2);
    expect(rest).toMatchObject({ rows: 5, url: expect.stringContaining('http') });
    const engine = folderObjects(join(folder, 'objects'));
    const { items } = await engine.list('packs/alerts/temp/');
    expect(items).toHaveLength(1);
    const file = await engine.get(items[0]?.key ?? '');
    expect(file && (await text(file.body)).split('\r\n').map((line) => line.split(',')[0])).toEqual([
      'site_code',
      'CZA0021',
      'GWE0001',
      'HRE0042',
      'MSH0031',
      'BYO0007',
      '',
    ]);
  });
});

describe('analyze_root_cause_patterns', () => {
  it('ranks roots by name, with what they bring about', async () => {
    const { clusters, patterns } = await pack.call('analyze_root_cause_patterns', {});
    expect(clusters).toBe(4);
    expect(patterns).toMatchObject([
      { name: 'MainsFailure', element_type: 'POWER_SYSTEM', clusters: 1, sites: [{ name: 'CZA0021', clusters: 1 }] },
      { name: 'Planned' },
      { name: 'LinkDown', symptoms: [{ name: 'CELL_SITE|CellOut', clusters: 1 }] },
      { name: 'CellOut' },
    ]);
  });

  it('filters roots by element type, and never what the shares are of', async () => {
    const focus = { focus_element_types: ['TRANSMISSION'] };
    const { clusters, patterns } = await pack.call('analyze_root_cause_patterns', focus);
    expect(clusters).toBe(4);
    expect(patterns).toMatchObject([{ name: 'LinkDown', coverage: 0.25, impact: 1 }]);
  });
});

describe('analyze_alarm_correlations', () => {
  it('answers each method that was asked for, and by itself all', async () => {
    const all = await pack.call('analyze_alarm_correlations', {});
    expect(all).toMatchObject({
      temporal: { transactions: 5, pairs: [], truncated: false },
      spatial: { transactions: 224, groups: [] },
      causal: { transactions: 4, edges: [] },
      frequency: { sites: 5, outliers: [] },
    });
    const one = await pack.call('analyze_alarm_correlations', { methods: ['frequency'] });
    expect(Object.keys(one)).not.toContain('temporal');
    expect(one.frequency).toEqual(all.frequency);
  });

  it('refuses a method that it does not know', async () => {
    const asked = pack.call('analyze_alarm_correlations', { methods: ['astral'] });
    await expect(asked).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

it('answers the same question about the same moment in the same words', async () => {
  const as_of = '2026-05-01T18:00:00Z';
  const questions = [
    ['analyze_site_patterns', { site_code: 'CZA0021', as_of }],
    ['compare_sites', { site_codes: ['CZA0021', 'MSH0031'], as_of }],
    ['generate_site_health_dashboard', { as_of }],
    ['analyze_alarm_correlations', { as_of }],
    ['analyze_root_cause_patterns', { as_of }],
  ] as const;
  for (const [tool, input] of questions)
    expect(JSON.stringify(await pack.call(tool, input))).toBe(JSON.stringify(await pack.call(tool, input)));
});
