import type { Alert } from '../model/alert.ts';
import type { IncomingAlert } from '../model/incoming.ts';
import { acknowledge, addNote, lapsed, MOST_NOTES, resolve } from './acts.ts';
import { decidePost } from './decide.ts';

const at = (time: string): string => `2026-05-01T${time}:00.000Z`;
const ana = (time: string) => ({ by: 'ana', at: at(time) });

const post: IncomingAlert = {
  source: 'alertmanager',
  name: 'LinkDown',
  description: 'The link is down',
  severity: 4,
  severity_defaulted: false,
  status: 'firing',
  site_code: 'MSH0031',
  element_type: 'TRANSMISSION',
  element_id: 'tx-7',
  labels: {},
  annotations: {},
  starts_at: at('10:00'),
  ends_at: null,
  received_at: at('10:00'),
};
const posted = (current: Alert | undefined, incoming: IncomingAlert): Alert => {
  const { alert } = decidePost(current, incoming, { alertId: 'first', eventId: 'e' });
  if (alert === undefined) throw new Error('nothing came of it');
  return alert;
};
const firing = posted(undefined, post);
const take = (alert: Alert, expiresAt: string | null = null, comment?: string) =>
  acknowledge(alert, ana('10:05'), { expiresAt, comment });
const known = (alert: Alert | undefined): Alert => {
  if (alert === undefined) throw new Error('nothing changed');
  return alert;
};
const taken = known(take(firing, at('11:05'), 'A crew is under way'));
const closed = known(resolve(firing, ana('10:30'), 'Fuse replaced'));

describe('acknowledging', () => {
  it('says who and until when, keeps their words, and has an event of its own', () => {
    expect(taken).toMatchObject({
      status: 'acknowledged',
      acknowledged_by: 'ana',
      acknowledged_at: at('10:05'),
      acknowledgement_expires_at: at('11:05'),
      notes: [{ by: 'ana', at: at('10:05'), text: 'A crew is under way', about: 'acknowledge' }],
      history: [{ kind: 'raise' }, { kind: 'acknowledge', by: 'ana', severity: 4 }],
      unwritten: [{ kind: 'change', acknowledged: true, at: at('10:05'), since: at('10:00') }],
    });
  });

  it('changes nothing where somebody has done so', () => {
    expect(take(taken, null, 'Me too')).toBeUndefined();
  });

  it('is a conflict of what is resolved', () => {
    expect(() => take(closed)).toThrow(
      expect.objectContaining({ code: 'conflict', message: expect.stringContaining(`resolved at ${at('10:30')}`) }),
    );
  });

  it.each([
    ['2026-05-01T11:04:59.999Z', 'acknowledged'],
    ['2026-05-01T11:05:00.000Z', 'firing'],
  ])('is at %s %s, of one that expires at 11:05', (now, status) => {
    expect(lapsed(taken, new Date(now)).status).toBe(status);
  });

  it('leaves on record that it expired, once, and can be done again', () => {
    const again = lapsed(lapsed(taken, new Date(at('12:00'))), new Date(at('13:00')));
    expect(again.history.map(({ kind, at: when }) => [kind, when])).toEqual([
      ['raise', at('10:00')],
      ['acknowledge', at('10:05')],
      ['lapse', at('11:05')],
    ]);
    expect(again).toMatchObject({ acknowledged_by: null, acknowledgement_expires_at: null });
    expect(take(again)).toMatchObject({ status: 'acknowledged' });
  });

  it('without a time never expires', () => {
    expect(lapsed(known(take(firing)), new Date('2030-01-01T00:00:00.000Z')).status).toBe('acknowledged');
  });

  it.each([
    ['ends when the severity rises', { severity: 5 as const }, 'firing', null],
    ['stays when it falls', { severity: 3 as const }, 'acknowledged', 'ana'],
    ['stays when the description changes', { description: 'Still down' }, 'acknowledged', 'ana'],
    ['stays with a duplicate', {}, 'acknowledged', 'ana'],
  ])('%s', (_title, change, status, by) => {
    expect(posted(taken, { ...post, ...change })).toMatchObject({ status, acknowledged_by: by });
  });

  it('ends with a reopening', () => {
    const over = posted(taken, { ...post, status: 'resolved', ends_at: at('10:20') });
    expect(over.acknowledged_by).toBe('ana');
    expect(posted(over, { ...post, starts_at: at('10:40') })).toMatchObject({
      status: 'firing',
      acknowledged_by: null,
    });
  });
});

it('the steps of an alert are when things were heard of: what got worse at 10:20 did so then', () => {
  const worse = posted(taken, { ...post, severity: 5, received_at: at('10:20') });
  const over = posted(worse, { ...post, status: 'resolved', ends_at: at('10:25'), received_at: at('10:26') });
  expect(over.history.map(({ kind, at: when, severity }) => [kind, when, severity])).toEqual([
    ['raise', at('10:00'), 4],
    ['acknowledge', at('10:05'), 4],
    ['change', at('10:20'), 5],
    ['clear', at('10:25'), 5],
  ]);
});

describe('resolving', () => {
  it('closes what is firing and what is acknowledged, with the words and the time', () => {
    for (const alert of [firing, taken])
      expect(resolve(alert, ana('10:30'), 'Fuse replaced')).toMatchObject({
        status: 'resolved',
        resolved_by: 'ana',
        resolved_at: at('10:30'),
        ends_at: at('10:30'),
        notes: expect.arrayContaining([expect.objectContaining({ text: 'Fuse replaced', about: 'resolve' })]),
        unwritten: expect.arrayContaining([
          expect.objectContaining({ kind: 'clear', at: at('10:30'), since: at('10:00') }),
        ]),
      });
  });

  it('changes nothing of what is closed', () => {
    expect(resolve(closed, ana('10:40'), 'Again')).toBeUndefined();
  });

  it.each([
    ['goes on reporting the same start', at('10:00'), 'ignored'],
    ['reports a new one soon after', at('11:15'), 'reopened'],
    ['reports a new one long after', '2026-05-01T11:15:00.001Z', 'created'],
  ])('is looked at again when a sender %s', (_title, starts_at, outcome) => {
    expect(decidePost(closed, { ...post, starts_at }, { alertId: 'second', eventId: 'e' }).outcome).toBe(outcome);
  });

  it('never ends before the start that a sender with a fast clock gave', () => {
    const early = posted(undefined, { ...post, starts_at: at('10:35') });
    expect(resolve(early, ana('10:30'), 'Done')).toMatchObject({ resolved_at: at('10:35') });
  });
});

describe('notes', () => {
  it('are taken of open and of closed alerts, each with an id of its own', () => {
    const first = addNote({ ...closed, version: 2 }, ana('11:00'), 'The fuse was old');
    const noted = addNote({ ...first, version: 3 }, ana('11:01'), 'Ordered');
    expect(noted.notes.map(({ text }) => text)).toEqual(['Fuse replaced', 'The fuse was old', 'Ordered']);
    expect(new Set(noted.notes.map(({ note_id }) => note_id)).size).toBe(3);
  });

  it('are a hundred at most, and acting is not stopped by them', () => {
    let full = firing;
    for (let nth = 0; nth < MOST_NOTES; nth += 1) full = { ...addNote(full, ana('10:10'), 'x'), version: nth + 2 };
    expect(() => addNote(full, ana('10:11'), 'x')).toThrow(expect.objectContaining({ code: 'too_large' }));
    let acted = full;
    for (let nth = 0; nth < 30; nth += 1)
      acted = { ...lapsed(known(take(acted, at('10:06'), `turn ${nth}`)), new Date(at('10:07'))), version: 200 + nth };
    expect(acted.notes.filter(({ about }) => about === undefined)).toHaveLength(MOST_NOTES);
    expect(acted.notes.filter(({ about }) => about !== undefined).map(({ text }) => text)).toEqual(
      Array.from({ length: 20 }, (_, nth) => `turn ${nth + 10}`),
    );
    expect(acted.history).toHaveLength(20);
  });
});
