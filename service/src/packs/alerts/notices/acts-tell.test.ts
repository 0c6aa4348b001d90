/** What people do is told at once: by jobs of the whole service in whose time the next minute does not come. */
import { z } from 'zod';
import { type AlertsPack, openAlertsPack, receive } from '../../../../test/rigs/alerts.ts';
import { incomingAlert } from '../../../../test/rigs/incoming-alert.ts';

const ten = '2026-05-01T10:00:00.000Z';
/** A second passes with each look: of jobs of one moment nobody knows which is newer. The next minute does not come. */
let seconds = 0;
const receivers = [
  { name: 'default', escalation: 'night' },
  { name: 'chief', to: [] },
];
const steps = [
  { delay_min: 10, targets: ['default'] },
  { delay_min: 15, targets: ['chief', 'default'] },
];
let pack: AlertsPack;
beforeAll(async () => {
  pack = await openAlertsPack(() => new Date(Date.parse(ten) + seconds * 1000), {
    ALERT_RECEIVERS: JSON.stringify(receivers),
    ALERT_ESCALATIONS: JSON.stringify([{ name: 'night', steps }]),
  });
});
afterAll(() => pack.close());

/** Alerts that escalate now, after all jobs that were asked for. */
const escalating = async () => {
  await pack.work();
  seconds += 1;
  const { items } = await pack.objects.list('alerts/escalations/');
  return items.map(({ key }) => key.split(/[/.]/)[2]);
};
const open = async (element_id: string): Promise<string> =>
  (await receive(pack.states, incomingAlert(ten, { element_id, site_code: element_id.toUpperCase() }))).alert_id;

describe('an escalation', () => {
  it('goes on by a person, to whom a dry run says the same before, and is refused when it is there', async () => {
    const alert_id = await open('esc');
    const asked = { alert_id, to_level: 2, reason: 'It burns' };
    const answer = { alert: { alert_id, escalation_level: 2 }, notified: ['chief', 'default'] };
    expect(await pack.preview('escalate_alert', asked)).toMatchObject(answer);
    expect([await escalating(), (await pack.states.get(alert_id))?.escalation_level]).toEqual([[], 0]);
    expect(await pack.call('escalate_alert', asked)).toMatchObject(answer);
    expect((await pack.objects.list('alerts/groups/')).items).toEqual([]);
    expect(await escalating()).toEqual([alert_id]);
    expect((await pack.objects.list('alerts/groups/')).items).toHaveLength(1);
    for (const ask of [pack.preview, pack.call])
      await expect(ask('escalate_alert', asked)).rejects.toMatchObject({
        ...{ code: 'invalid_input', message: expect.stringContaining('must be above 2') },
      });
    await expect(pack.preview('escalate_alert', { ...asked, to_level: 3 })).rejects.toMatchObject({ code: 'conflict' });
    await pack.call('resolve_alert', { alert_id, resolution: 'Put out' });
    expect(await escalating()).toEqual([]);
    await expect(pack.call('escalate_alert', { ...asked, to_level: 2 })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('ends at once with an acknowledgement', async () => {
    const alert_id = await open('ack');
    await pack.call('escalate_alert', { alert_id, to_level: 1, reason: 'Look' });
    expect(await escalating()).toEqual([alert_id]);
    await pack.call('add_alert_note', { alert_id, text: 'Seen' });
    await pack.call('acknowledge_alert', { alert_id });
    expect(await escalating()).toEqual([]);
  });

  it('ends at once with a silence, and begins anew at once when that is ended', async () => {
    const alert_id = await open('sil');
    await pack.call('escalate_alert', { alert_id, to_level: 1, reason: 'Look' });
    expect(await escalating()).toEqual([alert_id]);
    const matchers = [{ name: 'site_code', value: 'SIL' }];
    const silence = { matchers, duration_min: 60, comment: 'New batteries', kind: 'noise' };
    const made = await pack.approve(await pack.ask('create_silence', silence));
    expect(await escalating()).toEqual([]);
    const silence_id = made.plan.changes[0]?.resourceId;
    await pack.approve(await pack.ask('expire_silence', { silence_id }));
    expect(await escalating()).toEqual([alert_id]);
  });
});

it('an alert that a person takes in is looked at once', async () => {
  const { outcomes } = z
    .object({ outcomes: z.array(z.object({ alert_id: z.string() })) })
    .parse(await pack.call('ingest_alert', { payload: { name: 'LinkDown', site_code: 'ING0001' } }));
  const [taken] = outcomes;
  expect(await escalating()).toContain(taken?.alert_id);
});
