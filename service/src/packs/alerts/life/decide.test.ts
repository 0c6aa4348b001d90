import type { Alert } from '../model/alert.ts';
import type { IncomingAlert } from '../model/incoming.ts';
import { decidePost } from './decide.ts';

const at = (time: string): string => `2026-05-01T${time}${time.length === 5 ? ':00.000' : ''}Z`;

const linkDown: IncomingAlert = {
  source: 'alertmanager',
  name: 'LinkDown',
  description: 'The link is down',
  severity: 5,
  severity_defaulted: false,
  status: 'firing',
  site_code: 'MSH0031',
  element_type: 'TRANSMISSION',
  element_id: 'tx-7',
  labels: { alertname: 'LinkDown' },
  annotations: {},
  starts_at: at('10:00'),
  ends_at: null,
  received_at: at('10:00'),
};
const ended = (time: string): IncomingAlert => ({ ...linkDown, status: 'resolved', ends_at: at(time) });

const ids = { alertId: 'first', eventId: 'batch-0' };

/** Applies posts one after another. */
const posted = (...posts: readonly IncomingAlert[]): Alert | undefined =>
  posts.reduce<Alert | undefined>((current, post) => decidePost(current, post, ids).alert ?? current, undefined);

describe('what a post does to an alert', () => {
  const open = posted(linkDown);
  const closed = posted(linkDown, ended('11:00'));

  it.each([
    ['begins an alert', undefined, linkDown, 'created'],
    ['ends nothing that nobody knows', undefined, ended('10:00'), 'ignored'],
    ['says nothing new', open, linkDown, 'duplicate'],
    ['says nothing new of what is closed', closed, ended('11:30'), 'ignored'],
    ['says another severity', open, { ...linkDown, severity: 2 }, 'updated'],
    ['says another description', open, { ...linkDown, description: 'Still down' }, 'updated'],
    ['says another annotation', open, { ...linkDown, annotations: { runbook: 'a' } }, 'updated'],
    ['ends it', open, ended('11:00'), 'resolved'],
    ['ends it with severity 0', open, { ...linkDown, severity: 0, received_at: at('11:00') }, 'resolved'],
    ['ended before it began', open, ended('09:59'), 'ignored'],
    ['began before it', open, { ...linkDown, starts_at: at('09:59') }, 'ignored'],
    ['began at the very end', closed, { ...linkDown, starts_at: at('11:00') }, 'ignored'],
    ['began just after the end', closed, { ...linkDown, starts_at: at('11:00:00.001') }, 'reopened'],
    ['began 45 minutes after the end', closed, { ...linkDown, starts_at: at('11:45:00.000') }, 'reopened'],
    ['began later than that', closed, { ...linkDown, starts_at: at('11:45:00.001') }, 'created'],
  ] as const)('%s', (_title, current, post, outcome) => {
    expect(decidePost(current, post, ids).outcome).toBe(outcome);
  });

  it('counts what said nothing new, and tells the analyses so', () => {
    expect(decidePost(open, linkDown, ids)).toMatchObject({
      alert: { duplicate_count: 1, status: 'firing' },
      event: { kind: 'raise', duplicate: true },
    });
  });

  it('opens the same alert again, unacknowledged', () => {
    const acknowledged: Alert = { ...(closed as Alert), acknowledged_by: 'ana', acknowledged_at: at('10:30') };
    expect(
      decidePost(acknowledged, { ...linkDown, starts_at: at('11:30') }, { ...ids, alertId: 'second' }).alert,
    ).toMatchObject({
      alert_id: 'first',
      status: 'firing',
      occurrence_count: 2,
      acknowledged_by: null,
      resolved_at: null,
    });
  });

  it.each([
    [4, 'acknowledged'],
    [5, 'firing'],
  ] as const)('leaves an acknowledged alert of severity 4 that is now %i %s', (severity, status) => {
    const major = { ...linkDown, severity: 4 } as const;
    const acknowledged: Alert = { ...(posted(major) as Alert), status: 'acknowledged', acknowledged_by: 'ana' };
    expect(decidePost(acknowledged, { ...major, severity, description: 'Worse?' }, ids).alert).toMatchObject({
      status,
    });
  });
});
