import pino from 'pino';
import { type AlertsPack, openAlertsPack, receive } from '../../../../test/rigs/alerts.ts';
import { incomingAlert } from '../../../../test/rigs/incoming-alert.ts';
import type { Operation } from '../../../operations/operation.ts';
import { createSilences } from './silences.ts';

const ten = '2026-05-01T10:00:00.000Z';
let now = new Date(ten);
const setTime = (clock: string) => {
  now = new Date(`2026-05-01T${clock}:00.000Z`);
};
const site = [{ name: 'site_code', value: 'CZA0021' }];
const window = { matchers: site, duration_min: 60, comment: 'New batteries', kind: 'maintenance' };

let pack: AlertsPack;
beforeAll(async () => {
  pack = await openAlertsPack(() => now);
  await receive(pack.states, incomingAlert(ten, { name: 'MainsFailure', severity: 5 }));
  await receive(pack.states, incomingAlert(ten, { name: 'CellOut', severity: 3 }));
  await receive(pack.states, incomingAlert(ten, { name: 'CellOut', site_code: 'MSH0031' }));
});
afterAll(() => pack.close());
beforeEach(() => setTime('10:00'));
afterEach(async () => {
  const kept = createSilences(pack.objects, pino({ level: 'silent' }), () => now);
  for (const { silence_id } of await kept.all()) await kept.remove(silence_id);
});

const list = async (input: object = {}) =>
  (await pack.call('list_silences', input)).silences as Record<string, unknown>[];
const idOf = ({ plan }: Operation): string => plan.changes[0]?.resourceId ?? '';
const make = async (more = {}) => pack.approve(await pack.ask('create_silence', { ...window, ...more }));
const end = async (silence: Operation) => pack.approve(await pack.ask('expire_silence', { silence_id: idOf(silence) }));

describe('a silence', () => {
  it('shows before anybody agrees which open alerts it would silence, and silences none until then', async () => {
    const asked = await pack.ask('create_silence', window);
    expect(asked).toMatchObject({ status: 'awaiting-countersign', countersign: 'second-person' });
    const { impact, warnings, changes, summary } = asked.plan;
    expect(summary).toBe(
      'Silence alerts with "{site_code="CZA0021"}" from 2026-05-01T10:00:00.000Z to 2026-05-01T11:00:00.000Z',
    );
    expect(impact).toEqual([{ label: 'Open alerts that nobody is told of', unit: 'count', before: 0, after: 2 }]);
    expect(warnings).toEqual([
      'Nothing is silenced before somebody agrees, and whenever that is, it ends at 2026-05-01T11:00:00.000Z.',
      'It silences 2 open alerts now: "MainsFailure" at CZA0021 (Critical), "CellOut" at CZA0021 (Minor).',
      '1 of them is Major or Critical.',
    ]);
    expect(changes).toMatchObject([
      {
        before: { matchers: null, starts_at: null, ends_at: null, comment: null, kind: null },
        after: {
          ...{ starts_at: ten, ends_at: '2026-05-01T11:00:00.000Z' },
          comment: 'New batteries',
          kind: 'maintenance',
        },
        context: { created_by: 'ana@example.com', matching_total: 2 },
      },
    ]);
    expect(await list()).toEqual([]);
  });

  it('says who made it and why, is over at its end to the millisecond, and is found by its site', async () => {
    const made = await make();
    expect(made.status).toBe('applied');
    const listed = { state: 'active', created_by: 'ana@example.com', comment: 'New batteries', open_alerts: 2 };
    expect(await list({ site_code: 'CZA0021' })).toMatchObject([{ silence_id: idOf(made), ...listed }]);
    expect(await list({ site_code: 'MSH0031' })).toEqual([]);
    setTime('11:00');
    expect(await list()).toEqual([]);
    expect(await list({ state: ['expired'] })).toMatchObject([{ silence_id: idOf(made), state: 'expired' }]);
  });

  it('is ended before its time by another change, which says who is told again, and goes on where that is taken back', async () => {
    const made = await make();
    const asked = await pack.ask('expire_silence', { silence_id: idOf(made) });
    expect(asked.plan.warnings).toEqual([
      'People are told of 2 open alerts again: "MainsFailure" at CZA0021 (Critical), "CellOut" at CZA0021 (Minor).',
    ]);
    setTime('10:20');
    const ended = await pack.approve(asked);
    const id = { silence_id: idOf(made) };
    expect(await list({ state: ['expired'] })).toContainEqual(
      expect.objectContaining({ ...id, ends_at: '2026-05-01T10:20:00.000Z', ended_by: 'ana@example.com' }),
    );
    await expect(pack.ask('expire_silence', id)).rejects.toMatchObject({ code: 'conflict' });
    await pack.approve(await pack.revert(ended));
    expect(await list()).toMatchObject([{ ...id, state: 'active', ends_at: '2026-05-01T11:00:00.000Z' }]);
  });

  it('is gone where it is taken back', async () => {
    const made = await make({ starts_at: '2026-05-01T12:00:00Z' });
    expect(await list()).toMatchObject([{ silence_id: idOf(made), state: 'pending' }]);
    await pack.approve(await pack.revert(made));
    expect(await list()).toEqual([]);
  });

  it('is not made where somebody agrees after its end', async () => {
    const asked = await pack.ask('create_silence', window);
    setTime('11:00');
    expect(await pack.approve(asked)).toMatchObject({
      status: 'failed',
      result: { outcomes: [{ code: 'state_changed' }] },
    });
    expect(await list()).toEqual([]);
  });

  it('is not ended twice: an end that was agreed to later finds it changed, and is asked for anew', async () => {
    const made = await make();
    const first = await pack.ask('expire_silence', { silence_id: idOf(made) });
    await end(made);
    expect((await pack.approve(first)).status).not.toBe('applied');
  });

  it('warns of matchers that take nothing, and of a silence that is the same', async () => {
    const made = await make();
    const { plan } = await pack.ask('create_silence', window);
    expect(plan.warnings).toContain(
      `${idOf(made)} of ana@example.com has the same matchers and ends at 2026-05-01T11:00:00.000Z.`,
    );
    const critical = [{ name: 'severity', value: 'critical' }];
    expect((await pack.ask('create_silence', { ...window, matchers: critical })).plan.warnings).toEqual(
      expect.arrayContaining([
        'No open alert matches now.',
        'No alert has {severity="critical"}: severity is 0 to 5 here.',
      ]),
    );
  });

  it.each([
    ['no end', { duration_min: undefined }, 'either ends_at or duration_min'],
    ['two ends', { ends_at: '2026-05-01T11:00:00Z' }, 'either ends_at or duration_min'],
    ['an end that is over', { duration_min: undefined, ends_at: '2026-05-01T09:00:00Z' }, 'ends_at'],
    ['no reason', { comment: ' ' }, 'comment'],
    ['an expression that RE2 does not know', { matchers: [{ name: 'name', value: '(?=a)', isRegex: true }] }, 'RE2'],
    ['nothing it wants', { matchers: [{ name: 'name', value: '.*', isRegex: true }] }, 'nearly everything'],
  ])('is refused with %s', async (_what, more, message) => {
    await expect(pack.ask('create_silence', { ...window, ...more })).rejects.toThrow(message);
  });

  it('that is unknown cannot be ended', async () => {
    await expect(pack.ask('expire_silence', { silence_id: 'silence-000000000000' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
