import pino from 'pino';
import { z } from 'zod';
import { type AlertsPack, openAlertsPack, receive } from '../../../../test/rigs/alerts.ts';
import { incomingAlert } from '../../../../test/rigs/incoming-alert.ts';
import type { Alert } from '../model/alert.ts';
import type { AlertEvent } from '../model/event.ts';
import type { IncomingAlert } from '../model/incoming.ts';
import { createSilences } from '../silences/silences.ts';
import { createEvents } from '../store/events.ts';

const at = (time: string): string => `2026-05-01T${time}${time.length === 5 ? ':00.000' : ''}Z`;
let now = at('10:00');
const clock = () => new Date(now);
let pack: AlertsPack;
beforeAll(async () => {
  pack = await openAlertsPack(clock);
});
afterAll(() => pack.close());

const post = (element_id: string, time: string, more: Partial<IncomingAlert> = {}): Promise<Alert> =>
  receive(pack.states, incomingAlert(at(time), { element_id, ...more }));
const Listed = z.object({
  total: z.int(),
  by_severity: z.record(z.string(), z.int()),
  alerts: z.array(z.looseObject({ element_id: z.string(), silenced: z.boolean() })),
  next_cursor: z.string().optional(),
});
const list = async (input: object) => {
  const { alerts, ...rest } = Listed.parse(await pack.call('list_alerts', input));
  return { ...rest, ids: alerts.map(({ element_id }) => element_id) };
};
const eventsOf = async (alertId: string): Promise<AlertEvent[]> => {
  const found: AlertEvent[] = [];
  const period = { from: new Date(at('00:00')), to: new Date(at('23:59')) };
  for await (const page of createEvents(pack.objects).read(period, new AbortController().signal))
    found.push(...page.filter(({ alert_id }) => alert_id === alertId));
  return found;
};
const fault = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

describe('the list of alerts', () => {
  const of = { site_code: 'LST0001' };
  beforeAll(async () => {
    await post('a', '09:00', { ...of, severity: 3, labels: { vendor: 'acme' } });
    await post('b', '09:10', { ...of, severity: 5 });
    await post('c', '09:20', { ...of, severity: 5, labels: { vendor: 'acme' } });
    await post('d', '09:30', { ...of, severity: 2 });
    await post('d', '09:40', { ...of, severity: 2, status: 'resolved', ends_at: at('09:40'), starts_at: at('09:30') });
    await createSilences(pack.objects, pino({ level: 'silent' }), clock).put(
      'silence-1',
      {
        ...{ silence_id: 'silence-1', kind: 'noise', comment: 'Known', created_by: 'ana@example.com' },
        ...{ created_by_id: 'ana', created_at: at('09:00'), ended_by: null, ended_at: null },
        ...{ starts_at: at('09:00'), ends_at: at('10:30') },
        matchers: [{ name: 'vendor', value: 'acme', isRegex: false, isEqual: true }],
      },
      undefined,
    );
  });

  it.each([
    ['has open ones, the worst and newest first', {}, ['c', 'b', 'a']],
    ['has closed ones where they are asked for', { status: ['resolved'] }, ['d']],
    ['has those of a severity and worse', { min_severity: 4 }, ['c', 'b']],
    [
      'has those that matchers match',
      {
        matchers: [
          { name: 'severity', value: '[35]', isRegex: true },
          { name: 'vendor', value: '' },
        ],
      },
      ['b'],
    ],
    ['has those that began from then on', { from: at('09:10') }, ['c', 'b']],
    ['has those that began before then', { to: at('09:10') }, ['a']],
    ['has those that are silenced', { silenced: true }, ['c', 'a']],
    ['has those that nobody silenced', { silenced: false }, ['b']],
  ])('%s', async (_title, input, ids) => {
    expect(await list({ ...of, ...input })).toMatchObject({ ids, total: ids.length });
  });

  it('counts by severity, and goes on where a page ended', async () => {
    const first = await list({ ...of, limit: 2 });
    expect(first).toMatchObject({ ids: ['c', 'b'], total: 3, by_severity: { 3: 1, 5: 2 } });
    expect(await list({ ...of, limit: 2, cursor: first.next_cursor })).toMatchObject({ ids: ['a'] });
  });

  it.each([
    [{ site_code: 'x' }, 'site_code'],
    [{ from: at('10:00'), to: at('10:00') }, 'from: must be before to'],
    [{ matchers: [{ name: 'vendor', value: '(', isRegex: true }] }, 'matchers.0.value'],
    [{ min_severity: 6 }, 'min_severity'],
  ])('refuses %j', async (input, message) => {
    await expect(pack.call('list_alerts', input)).rejects.toEqual(fault('invalid_input', message));
  });
});

describe('one alert', () => {
  it('is found by its id and by its fingerprint, with its steps, notes and silences', async () => {
    const { alert_id } = await post('one', '09:00', {
      site_code: 'ONE0001',
      labels: { vendor: 'acme', note: 'a\u202eb' },
    });
    await pack.call('add_alert_note', { alert_id, text: 'Look\u0007here' });
    const expected = {
      alert: {
        ...{ alert_id, status: 'firing', labels: { vendor: 'acme', note: 'a\\u{202e}b' } },
        ...{ notes: [{ by: 'ana@example.com', text: 'Look\\u{7}here' }], total_notes: 1 },
      },
      events: [{ kind: 'raise', at: at('09:00'), severity: 5 }],
      silenced_by: [{ silence_id: 'silence-1', created_by: 'ana@example.com', comment: 'Known', ends_at: at('10:30') }],
      untrusted_text: expect.arrayContaining(['alert.labels', 'alert.notes[].text', 'silenced_by[].comment']),
    };
    expect(await pack.call('get_alert', { alert_id })).toMatchObject(expected);
    expect(await pack.call('get_alert', { fingerprint: alert_id })).toMatchObject(expected);
  });

  it('by fingerprint is the newest', async () => {
    const { fingerprint } = await post('twice', '06:00');
    await post('twice', '06:10', { status: 'resolved', ends_at: at('06:10'), starts_at: at('06:00') });
    const { alert_id } = await post('twice', '09:00');
    expect(await pack.call('get_alert', { fingerprint })).toMatchObject({ alert: { alert_id } });
    expect(await pack.call('get_alert', { alert_id: fingerprint })).toMatchObject({ alert: { status: 'resolved' } });
  });

  it.each([
    [{}, 'invalid_input', 'give this or fingerprint'],
    [{ alert_id: 'f'.repeat(32), fingerprint: 'f'.repeat(32) }, 'invalid_input', 'not both'],
    [{ alert_id: '../secrets' }, 'invalid_input', 'alert_id: must be the alert_id'],
    [{ alert_id: 'f'.repeat(32) }, 'not_found', 'list_alerts'],
    [{ fingerprint: 'e'.repeat(32) }, 'not_found', 'fingerprint: eeee'],
  ])('refuses %j: %s', async (input, code, message) => {
    await expect(pack.call('get_alert', input)).rejects.toEqual(fault(code, message));
  });
});

describe('looking after an alert', () => {
  it('is acknowledged until its time is over, once, and leaves an event', async () => {
    const { alert_id } = await post('ack', '09:50', { severity: 4 });
    const first = { alert_id, comment: 'On my way', expires_in_min: 30 };
    expect(await pack.call('acknowledge_alert', first)).toMatchObject({
      alert: { status: 'acknowledged', acknowledged_by: 'ana@example.com' },
      changed: true,
    });
    expect(await pack.call('acknowledge_alert', { alert_id })).toMatchObject({ changed: false });
    expect(await eventsOf(alert_id)).toMatchObject([{ kind: 'change', acknowledged: true, since: at('09:50') }]);
    now = at('10:29:59.999');
    expect(await pack.call('get_alert', { alert_id })).toMatchObject({ alert: { status: 'acknowledged' } });
    now = at('10:30');
    const later = await pack.call('get_alert', { alert_id });
    expect(later).toMatchObject({ alert: { status: 'firing', acknowledged_by: null } });
    expect(later).toMatchObject({
      events: [{ kind: 'lapse', at: at('10:30') }, { kind: 'acknowledge' }, { kind: 'raise' }],
    });
    expect(await pack.call('acknowledge_alert', { alert_id })).toMatchObject({ changed: true });
    expect((await list({ matchers: [{ name: 'name', value: 'CellOut' }], status: ['acknowledged'] })).ids).toContain(
      'ack',
    );
  });

  it('is resolved once, with words, and leaves an event; acknowledging it then is a conflict', async () => {
    const { alert_id } = await post('res', '09:00');
    const resolution = 'Fuse replaced';
    expect(await pack.call('resolve_alert', { alert_id, resolution })).toMatchObject({
      alert: { status: 'resolved', resolved_at: now },
      changed: true,
    });
    expect(await pack.call('resolve_alert', { alert_id, resolution })).toMatchObject({ changed: false });
    expect(await eventsOf(alert_id)).toMatchObject([{ kind: 'clear', at: now, since: at('09:00') }]);
    await expect(pack.call('acknowledge_alert', { alert_id })).rejects.toEqual(fault('conflict', 'was resolved at'));
    expect(await pack.call('add_alert_note', { alert_id, text: 'It was the fan' })).toMatchObject({ notes: 2 });
  });

  it.each([
    ['acknowledge_alert', 'expires_in_min', 'shorter than 5', { expires_in_min: 4 }],
    ['acknowledge_alert', 'expires_in_min', 'longer than a day', { expires_in_min: 1441 }],
    ['resolve_alert', 'resolution', 'without a word', { resolution: '' }],
    ['resolve_alert', 'resolution', 'left out', {}],
    ['add_alert_note', 'text', 'longer than 4,000 characters', { text: 'x'.repeat(4001) }],
  ])('%s refuses %s that is %s', async (tool, message, _what, input) => {
    await expect(pack.call(tool, { alert_id: 'f'.repeat(32), ...input })).rejects.toEqual(
      fault('invalid_input', message),
    );
  });

  it.each(['acknowledge_alert', 'resolve_alert', 'add_alert_note'])('%s knows no alert that is none', async (tool) => {
    const more = tool === 'resolve_alert' ? { resolution: 'x' } : tool === 'add_alert_note' ? { text: 'x' } : {};
    await expect(pack.call(tool, { alert_id: 'f'.repeat(32), ...more })).rejects.toEqual(
      fault('not_found', 'no alert'),
    );
  });
});

describe('the figures of a period', () => {
  const event = (nth: number, time: string, more: Partial<AlertEvent> = {}): AlertEvent => ({
    ...{ event_id: `stat-${nth}`, alert_id: `${nth}`, at: at(time), kind: 'raise', severity: 4 },
    ...{ site_code: 'STA0001', element_type: 'CELL_SITE', element_id: '', name: 'CellOut' },
    ...more,
  });
  const period = { from: at('03:00'), to: at('05:00') };
  beforeAll(async () => {
    await createEvents(pack.objects).write('stats', [
      event(1, '02:59:59.999'),
      event(2, '03:00'),
      event(3, '03:10', { duplicate: true }),
      event(4, '03:11', { duplicate: true }),
      event(5, '03:20', { name: 'LinkDown', site_code: 'STA\u0007' }),
      event(6, '03:30', { kind: 'change' }),
      event(7, '03:04', { kind: 'change', acknowledged: true, since: at('03:00') }),
      event(8, '03:25', { kind: 'change', acknowledged: true, since: at('03:20') }),
      event(9, '04:00', { kind: 'clear', since: at('03:00') }),
      event(10, '04:00', { kind: 'clear', since: at('02:00') }),
      event(11, '04:00', { kind: 'clear', since: at('03:59') }),
      event(12, '05:00'),
    ]);
  });

  it('are counts, medians in minutes and the share of noise', async () => {
    expect(await pack.call('get_alert_stats', period)).toMatchObject({
      ...{ raised: 2, duplicates: 2, changed: 1, acknowledged: 2, cleared: 3, groups: [], total_groups: 0 },
      ...{ mtta_min: 4.5, mttr_min: 60, noise_ratio: 0.5 },
    });
  });

  it('are told for each group, its name cleaned', async () => {
    expect(await pack.call('get_alert_stats', { ...period, group_by: 'name' })).toMatchObject({
      total_groups: 2,
      groups: [
        { group: 'CellOut', raised: 1, duplicates: 2, noise_ratio: 0.6667 },
        { group: 'LinkDown', raised: 1, duplicates: 0, noise_ratio: 0, mtta_min: null, mttr_min: null },
      ],
    });
    const { groups } = await pack.call('get_alert_stats', { ...period, group_by: 'site_code' });
    expect(JSON.stringify(groups)).toContain('STA\\\\u{7}');
  });

  it('are of the last day by default, and empty where nothing was', async () => {
    expect(await pack.call('get_alert_stats', { to: '2026-04-01T00:00:00.000Z' })).toMatchObject({
      ...{ from: '2026-03-31T00:00:00.000Z', raised: 0, mtta_min: null, mttr_min: null, noise_ratio: 0 },
    });
  });

  it.each([
    [{ from: at('05:00'), to: at('05:00') }, 'from: must be before to'],
    [{ from: '2026-01-01T00:00:00Z' }, 'at most 90 days'],
    [{ group_by: 'mood' }, 'group_by'],
  ])('refuses %j', async (input, message) => {
    await expect(pack.call('get_alert_stats', input)).rejects.toEqual(fault('invalid_input', message));
  });
});
