/** Who is told what and when: by the worker that looks, over objects in memory and a clock of the test. */
import pino from 'pino';
import { AlertReceivers, EscalationPolicies } from '../../../../../contracts/packs/alerts/telling.ts';
import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { receive } from '../../../../test/rigs/alerts.ts';
import { incomingAlert } from '../../../../test/rigs/incoming-alert.ts';
import { openMemoryObjects } from '../../../../test/rigs/memory-objects.ts';
import type { JobRequest } from '../../../ports/jobs.ts';
import type { PackNotice } from '../../../ports/notify.ts';
import { createEscalations } from '../escalation/escalations.ts';
import { RouteTree } from '../model/route.ts';
import { Silence } from '../model/silence.ts';
import { openReceivers } from '../routing/receivers.ts';
import { createRouteBook } from '../routing/routes.ts';
import { remindersOf } from '../silences/reminders.ts';
import { createSilences } from '../silences/silences.ts';
import { createStates } from '../store/states.ts';
import type { TellPack } from './tell-pack.ts';
import { tellAlertsWorker } from './tell-worker.ts';

const iso = (clock: string): string =>
  clock.includes('T') ? new Date(clock).toISOString() : `2026-05-01T${clock.length === 5 ? `${clock}:00` : clock}.000Z`;
const receivers = openReceivers({
  ALERT_RECEIVERS: AlertReceivers.parse([
    { name: 'noc', to: ['#noc'], escalation: 'night' },
    { name: 'quiet', to: ['#quiet'], send_resolved: false },
    ...['a', 'b'].map((name) => ({ name, to: [`#${name}`] })),
    { name: 'lost', to: ['nobody@example.com'] },
  ]),
  ALERT_ESCALATIONS: EscalationPolicies.parse([
    {
      name: 'night',
      steps: [
        { delay_min: 10, targets: ['a'] },
        { delay_min: 15, targets: ['b'] },
      ],
      repeat: 1,
    },
  ]),
});

/** A bucket with any number of tasks. What is told twice under one key is told once, as the port says. */
const openWorld = (tree: object = { receiver: 'noc' }) => {
  const objects = openMemoryObjects();
  let clock = iso('10:00');
  const now = () => new Date(clock);
  const told = new Map<string, PackNotice & { readonly at: string }>();
  const queued: JobRequest[] = [];
  let fails = false;
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const task = () => {
    const pack: TellPack = {
      ...{ objects, now, log, receivers, states: createStates(objects, log, now) },
      ...{ silences: createSilences(objects, log, now), routes: createRouteBook(objects, log) },
      jobs: { enqueue: async (request: JobRequest) => ({ jobId: '', isNew: queued.push(request) > 0 }) },
      notify: {
        find: async (written: string) =>
          written.startsWith('#') ? { recipient: { shared: written }, channels: ['slack'] as const } : undefined,
        tell: async (notice: PackNotice) => {
          if (fails) throw new Error('the task died');
          if (!told.has(notice.key)) told.set(notice.key, { ...notice, at: clock.slice(11, 16) });
        },
      },
    };
    const escalations = createEscalations(pack);
    const worker = tellAlertsWorker(pack, escalations);
    const job = { jobId: 'job', payload: {}, attempt: 1, createdAt: now(), signal: AbortSignal.timeout(60_000) };
    const look = () => worker.work({ ...job, log, now, report: async () => {} });
    return { pack, escalations, look };
  };
  const one = task();
  const other = task();
  return {
    ...{ one, other, queued, lines },
    begin: () =>
      one.pack.routes.put({ tree: RouteTree.parse(tree), version: 1, updated_at: iso('09:00'), updated_by: 'ana' }, 0),
    at: (time: string) => {
      clock = iso(time);
    },
    /** Both tasks look at once, as after a restart or with two of them. */
    look: async (time: string) => {
      clock = iso(time);
      await Promise.all([one.look(), other.look()]);
    },
    dieAtTelling: (value: boolean) => {
      fails = value;
    },
    receive: (more = {}) => receive(one.pack.states, incomingAlert(clock, more)),
    /** `10:00 noc headline` of what went out under keys that begin so. */
    heard: (prefix: string) =>
      [...told.values()]
        .filter(({ key }) => key.startsWith(prefix))
        .map(({ at, to, headline }) =>
          `${at} ${(to?.recipients ?? []).map((each) => JSON.stringify(each)).join() || 'all'} ${headline}`.replaceAll(
            /\{"shared":"#(\w+)"\}/g,
            '$1',
          ),
        ),
    notices: () => [...told.values()],
  };
};

describe('a group, with two tasks that look at the same time', () => {
  it('is told once after 30 s, of news after 5 min, of the end once, and asks for a look when the next is due', async () => {
    const world = openWorld();
    await world.begin();
    await world.receive();
    await world.look('10:00');
    expect(world.heard('group')).toEqual([]);
    expect(world.queued.map(({ notBefore }) => notBefore?.toISOString())).toContain(iso('10:00:30'));
    await world.look('10:00:30');
    expect(world.heard('group')).toEqual(['10:00 noc 1 alert firing, the worst Critical']);
    world.at('10:01');
    await world.receive({ element_id: 'cell-2', severity: 3 });
    for (const time of ['10:01', '10:05:29', '10:05:30', '10:05:31']) await world.look(time);
    expect(world.heard('group').slice(1)).toEqual(['10:05 noc 1 alert firing, the worst Minor']);
    world.at('10:06');
    for (const element_id of ['cell-1', 'cell-2'])
      await world.receive({ element_id, status: 'resolved', ends_at: iso('10:06') });
    for (const time of ['10:06', '10:10:30', '10:15:30', '15:00']) await world.look(time);
    expect(world.heard('group').slice(2)).toEqual(['10:10 noc 2 alerts over']);
  });

  it('is told though nobody can read some silence, some state of a group or of an escalation, or the routes', async () => {
    const world = openWorld();
    await world.begin();
    await world.receive();
    await world.look('10:00');
    const { objects } = world.one.pack;
    const written = await Promise.all(
      ['alerts/groups/', 'alerts/escalations/'].map(async (folder) => (await objects.list(folder)).items),
    );
    const keys = [...written.flat().map(({ key }) => key), 'configs/silences/silence-1.json', 'configs/routes.json'];
    expect(keys).toHaveLength(4);
    for (const key of keys) await objects.put(key, '{"of":"nobody"');
    for (const time of ['10:01', '10:01:30']) await world.look(time);
    expect(world.heard('group')).toEqual(['10:01 all 1 alert firing, the worst Critical']);
  });

  it('is told of by the next task where one dies before it handed the message over', async () => {
    const world = openWorld();
    await world.begin();
    await world.receive();
    await world.one.look();
    world.at('10:00:30');
    world.dieAtTelling(true);
    await expect(world.one.look()).rejects.toThrow('the task died');
    world.dieAtTelling(false);
    await world.look('10:00:40');
    await world.look('10:01');
    expect(world.heard('group')).toEqual(['10:00 noc 1 alert firing, the worst Critical']);
  });

  it('is of each route that takes the alert, and tells no end where its receiver wants none', async () => {
    const world = openWorld({ receiver: 'noc', routes: [{ receiver: 'quiet', continue: true }, { receiver: 'a' }] });
    await world.begin();
    await world.receive();
    for (const time of ['10:00', '10:00:30']) await world.look(time);
    world.at('10:02');
    await world.receive({ status: 'resolved', ends_at: iso('10:02') });
    for (const time of ['10:02', '10:05:30']) await world.look(time);
    expect(world.heard('group').sort()).toEqual([
      '10:00 a 1 alert firing, the worst Critical',
      '10:00 quiet 1 alert firing, the worst Critical',
      '10:05 a 1 alert over',
    ]);
  });

  it('reaches everybody, and admins hear why, where its receiver reaches nobody', async () => {
    const world = openWorld({ receiver: 'lost' });
    await world.begin();
    await world.receive();
    for (const time of ['10:00', '10:00:30']) await world.look(time);
    expect(world.heard('group')).toEqual(['10:00 all 1 alert firing, the worst Critical']);
    expect(world.notices().find(({ key }) => key.startsWith('unreachable'))).toMatchObject({
      scope: 'admin',
      about: 'nobody@example.com',
    });
    expect(world.lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ level: 50, receiver: 'lost', msg: expect.stringContaining('reaches nobody') }),
    );
  });
});

const silence = (starts: string, ends: string, more: Partial<Silence> = {}) =>
  Silence.parse({
    ...{ silence_id: 'silence-1', matchers: [{ name: 'site_code', value: 'CZA0021' }], comment: 'New batteries' },
    ...{ starts_at: iso(starts), ends_at: iso(ends), created_at: iso(starts), kind: 'maintenance' },
    ...{ created_by: 'ana@example.com', created_by_id: 'ana', ended_at: null, ended_by: null },
    ...more,
  });

describe('acceptance example 8: an escalation of 10 min to a, 15 min to b, repeat 1, from 10:00', () => {
  const minutes = Array.from({ length: 60 }, (_, minute) => `10:${String(minute).padStart(2, '0')}`);
  const calls = (world: ReturnType<typeof openWorld>) =>
    world.heard('escalation').map((line) => line.split(' ').slice(0, 2).join(' '));

  it('tells a 10:00, b 10:10, a 10:25, b 10:35 and nobody more, though two tasks look each minute', async () => {
    const world = openWorld();
    await world.begin();
    const { alert_id } = await world.receive();
    for (const time of [...minutes, '11:00', '12:00']) await world.look(time);
    expect(calls(world)).toEqual(['10:00 a', '10:10 b', '10:25 a', '10:35 b']);
    expect((await world.one.pack.states.get(alert_id))?.escalation_level).toBe(2);
  });

  it('is ended by an acknowledgement at 10:12', async () => {
    const world = openWorld();
    await world.begin();
    const { alert_id } = await world.receive();
    for (const time of minutes) {
      if (time === '10:12')
        await world.one.pack.states.change(alert_id, (alert) => ({
          ...{ ...alert, status: 'acknowledged', acknowledged_at: iso('10:12'), acknowledged_by: 'ben' },
          acknowledgement_expires_at: iso('23:00'),
        }));
      await world.look(time);
    }
    expect(calls(world)).toEqual(['10:00 a', '10:10 b']);
  });

  it('is looked at when a silence begins and ends, and when an acknowledgement expires', async () => {
    const world = openWorld();
    await world.begin();
    await world.one.pack.silences.put('silence-1', silence('10:05', '10:30'), undefined);
    const ended = silence('12:00', '13:00', { ended_at: iso('09:30'), ended_by: 'ben@example.com' });
    await world.one.pack.silences.put('silence-2', ended, undefined);
    const next = async (time: string) => {
      world.queued.length = 0;
      world.at(time);
      await world.one.look();
      return world.queued.map(({ notBefore }) => notBefore?.toISOString().slice(11, 16));
    };
    expect([await next('10:00'), await next('10:05'), await next('10:30')]).toEqual([['10:05'], ['10:30'], []]);
    const { alert_id } = await world.receive();
    await world.one.pack.states.change(alert_id, (alert) => ({
      ...{ ...alert, status: 'acknowledged', acknowledgement_expires_at: iso('10:45') },
    }));
    expect([await next('10:31'), await next('10:44')]).toEqual([['10:45'], ['10:45']]);
  });

  it('is ended by a silence, begins anew when the alert is heard again, and the message says who silenced it and why', async () => {
    const world = openWorld();
    await world.begin();
    await world.one.pack.silences.put('silence-1', silence('10:05', '10:30'), undefined);
    await world.receive();
    for (const time of minutes) await world.look(time);
    expect(calls(world)).toEqual(['10:00 a', '10:30 a', '10:40 b', '10:55 a']);
    const [first, again, ...more] = world.notices().filter(({ key }) => key.startsWith('group'));
    expect([first?.at, again?.at, more]).toEqual(['10:01', '10:31', []]);
    expect(again?.facts).toContainEqual({
      label: 'Was silenced until',
      value: `${iso('10:30')} by ana@example.com: New batteries`,
    });
  });

  it('goes on from the step that a person chose', async () => {
    const world = openWorld();
    await world.begin();
    const alert = await world.receive();
    await world.look('10:00');
    world.at('10:03');
    const [policy] = receivers.policies;
    expect(policy && (await world.one.escalations.jump(alert, policy, 2, 'It burns'))).toEqual(['b']);
    for (const time of minutes.slice(3, 40)) await world.look(time);
    expect(calls(world)).toEqual(['10:00 a', '10:03 b', '10:18 a', '10:28 b']);
  });
});

describe('a silence that lasts', () => {
  const told = (world: ReturnType<typeof openWorld>) =>
    world
      .notices()
      .filter(({ key }) => key.startsWith('silence'))
      .map(({ headline, personId }) => `${personId}: ${headline}`);

  it('is brought to the mind of its author after a day, each week, and an hour before its end where something matches', async () => {
    const world = openWorld();
    await world.begin();
    await world.one.pack.silences.put(
      'silence-1',
      silence('10:00', '10:00', { ends_at: '2026-05-09T10:00:00.000Z' }),
      undefined,
    );
    await world.look('23:59');
    expect(told(world)).toEqual([]);
    for (const time of ['2026-05-02T10:00:00Z', '2026-05-02T10:01:00Z', '2026-05-05T10:00:00Z']) await world.look(time);
    expect(told(world)).toEqual(['ana: Your silence is still active, and no open alert matches it']);
    await world.receive();
    for (const time of ['2026-05-08T10:00:00Z', '2026-05-09T09:00:00Z', '2026-05-09T10:00:00Z']) await world.look(time);
    expect(told(world).slice(1)).toEqual([
      'ana: Your silence is still active, and silences 1 open alert',
      'ana: Your silence ends within the hour, and 1 open alert will be told again',
    ]);
  });

  it('and ends within four hours is nobody reminded of', () => {
    expect(remindersOf(silence('10:00', '13:59'))).toEqual([]);
    expect(remindersOf(silence('10:00', '14:00'))).toMatchObject([{ kind: 'ends', at: Date.parse(iso('13:00')) }]);
  });
});

describe('the link of a message', () => {
  const kindOf = ({ key }: PackNotice): string => key.split('/')[0] ?? '';
  const pages = Object.values(alerts.routes)
    .filter(({ method, auth }) => method === 'GET' && auth === 'page')
    .map(({ path }) => ({ path, pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`) }));

  it('leads to a page of the pack: of groups, escalations, silences and receivers', async () => {
    const world = openWorld({ receiver: 'noc', routes: [{ receiver: 'lost', continue: true }, { receiver: 'noc' }] });
    await world.begin();
    const terms = { matchers: [{ name: 'site_code', value: 'HRE0042', isRegex: false, isEqual: true }] };
    const lasting = silence('10:00', '10:00', { ...terms, ends_at: iso('2026-05-09T10:00:00Z') });
    await world.one.pack.silences.put('silence-1', lasting, undefined);
    await world.receive();
    for (const time of ['10:00', '10:00:30']) await world.look(time);
    for (const name of ['LinkDown', 'CellOut']) await world.receive({ name });
    for (const time of ['10:06', '2026-05-02T10:00:00Z']) await world.look(time);
    const told = world.notices().map((notice) => {
      const page = pages.find(({ pattern }) => pattern.test(notice.link.path));
      return `${kindOf(notice)} ${page?.path ?? `nowhere: ${notice.link.path}`}`;
    });
    expect([...new Set(told)].toSorted()).toEqual([
      'escalation /alerts/:alertId',
      'group /alerts',
      'group /alerts/:alertId',
      'silence /silences',
      'unreachable /alert-routing',
    ]);
  });
});
