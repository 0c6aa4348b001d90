import { Silence, silenceProblem, silenceState } from '../model/silence.ts';
import { matchedBy, namesSite, silencingAt } from './silencing.ts';

const day = '2026-05-01T';
const at = (time: string) => new Date(`${day}${time}Z`);
const silence = (more: Partial<Record<keyof Silence, unknown>> = {}) =>
  Silence.parse({
    ...{ silence_id: 'silence-1', comment: 'New batteries', kind: 'maintenance', created_by: 'ana@example.com' },
    ...{ created_by_id: 'ana', created_at: `${day}09:00:00.000Z`, ended_at: null, ended_by: null },
    ...{ starts_at: `${day}10:05:00.000Z`, ends_at: `${day}11:05:00.000Z` },
    matchers: [{ name: 'site_code', value: 'CZA0021' }],
    ...more,
  });
const alert = (more = {}) => ({
  labels: {},
  ...{
    severity: 5 as const,
    site_code: 'CZA0021',
    element_type: 'POWER_SYSTEM' as const,
    name: 'MainsFailure',
    source: 's',
  },
  ...more,
});

describe('acceptance example 8: a silence from 10:05 to 11:05', () => {
  it.each([
    ['10:04:59.999', 'pending'],
    ['10:05:00.000', 'active'],
    ['11:04:59.999', 'active'],
    ['11:05:00.000', 'expired'],
  ])('is at %s %s, and silences its alerts only while it is active', (time, state) => {
    expect(silenceState(silence(), at(time))).toBe(state);
    const silencing = silencingAt([silence()], at(time));
    expect(silencing.of(alert()).length).toBe(state === 'active' ? 1 : 0);
    expect(silencing.inMaintenance('CZA0021')).toBe(state === 'active');
  });
});

describe('a silence', () => {
  const now = at('10:30:00.000');
  it.each([
    ['ends before it starts', { ends_at: `${day}10:05:00.000Z` }, 'ends_at: must be after starts_at'],
    ['is over', { starts_at: `${day}09:00:00.000Z`, ends_at: `${day}10:30:00.000Z` }, 'must be after now'],
    ['lasts more than 30 days', { ends_at: '2026-05-31T10:05:00.001Z' }, 'at most 30 days'],
    ['wants nothing', { matchers: [{ name: 'vendor', value: '' }] }, 'matchers: all of them match'],
  ])('is refused that %s', (_what, more, message) => {
    expect(silenceProblem(silence(more), now)).toContain(message);
  });

  it('may last exactly 30 days and begin in the past', () => {
    expect(silenceProblem(silence({ ends_at: '2026-05-31T10:05:00.000Z' }), now)).toBeUndefined();
  });

  it('needs matchers and a comment', () => {
    expect(() => silence({ matchers: [] })).toThrow();
    expect(() => silence({ comment: '' })).toThrow();
  });

  it('matches what it wants, and names whom it silences last first', () => {
    const alerts = [alert(), alert({ site_code: 'MSH0031' }), alert({ severity: 2 })];
    expect(matchedBy(silence({ matchers: [{ name: 'severity', value: '5' }] }), alerts)).toEqual(alerts.slice(0, 2));
    const longer = silence({ silence_id: 'silence-2', ends_at: `${day}12:00:00.000Z` });
    const ids = silencingAt([silence(), longer], now)
      .of(alert())
      .map(({ silence_id }) => silence_id);
    expect(ids).toEqual(['silence-2', 'silence-1']);
  });
});

describe('a site is in maintenance', () => {
  const now = at('10:30:00.000');
  it.each([
    ['the site', [{ name: 'site_code', value: 'CZA.*', isRegex: true }], true],
    ['another site', [{ name: 'site_code', value: 'MSH0031' }], false],
    [
      'only its minor alerts',
      [
        { name: 'site_code', value: 'CZA0021' },
        { name: 'severity', value: '[12]', isRegex: true },
      ],
      false,
    ],
    ['all alerts of a name', [{ name: 'name', value: 'CellOut' }], false],
  ])('by a maintenance silence of %s', (_what, matchers, expected) => {
    expect(silencingAt([silence({ matchers })], now).inMaintenance('CZA0021')).toBe(expected);
    expect(silencingAt([silence({ matchers, kind: 'noise' })], now).inMaintenance('CZA0021')).toBe(false);
  });

  it('is named by silences of parts of it too', () => {
    const part = silence({
      matchers: [
        { name: 'site_code', value: 'CZA0021' },
        { name: 'severity', value: '2' },
      ],
    });
    expect([namesSite(part, 'CZA0021'), namesSite(part, 'MSH0031')]).toEqual([true, false]);
    expect(namesSite(silence({ matchers: [{ name: 'severity', value: '2' }] }), 'CZA0021')).toBe(false);
  });
});
