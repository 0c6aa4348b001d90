/**
 * Debian's Alertmanager and this service with the same tree, silences and posts. Wherever the two differ, the guide has a row that
 * says so.
 */
import { z } from 'zod';
import type { Matcher } from '../../src/packs/alerts/model/matchers.ts';
import { differencesOf, differing, type NamedDifferences, type Sides } from '../rigs/named-differences.ts';
import {
  began,
  instanceOf,
  is,
  isNot,
  labels,
  like,
  openSideBySide,
  type SideBySide,
  sent,
  unlike,
} from '../rigs/side-by-side.ts';
import { describeWith } from '../servers/programs.ts';

const HOUR_MS = 3_600_000;
const MONTH_MS = 31 * 24 * HOUR_MS;
const inMs = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

let both: SideBySide;
let named: NamedDifferences['named'];
let unmet: NamedDifferences['unmet'];

const refused = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'accepted',
    () => 'refused',
  );

const Routed = z.object({ group_key: z.string(), receiver: z.string() });
const Preview = z.object({ routes: z.array(Routed), silenced_by: z.array(z.string()) });
const previews = async () =>
  Promise.all(
    [...(await both.ours())].map(
      async ([instance, { alert_id }]) =>
        [instance, Preview.parse(await both.pack.call('preview_routing', { alert_id }))] as const,
    ),
  );
const groupWords = (receiver: string, values: Readonly<Record<string, string>>): string =>
  `${receiver} {${Object.keys(values)
    .sort()
    .map((name) => `${name}=${JSON.stringify(values[name])}`)
    .join(', ')}}`;

await describeWith(['prometheus-alertmanager'], 'The same posts, beside Alertmanager,', () => {
  beforeAll(async () => {
    ({ named, unmet } = await differencesOf('docs/packs/alerts.md', 'Beside Alertmanager'));
    both = await openSideBySide();
  });
  afterAll(() => both?.close());

  it('go to the same receivers, in groups of the same values', async () => {
    const groups = (await both.theirs.groups()).flatMap((group) =>
      group.alerts.map((alert) => ({ of: instanceOf(alert), words: groupWords(group.receiver.name, group.labels) })),
    );
    const there = Object.fromEntries(
      Object.keys(labels).map((one) => [
        one,
        groups
          .filter(({ of }) => of === one)
          .map(({ words }) => words)
          .sort(),
      ]),
    );
    const here = Object.fromEntries(
      (await previews()).map(([one, { routes }]) => [
        one,
        routes
          .map(({ receiver, group_key }) => `${receiver} ${group_key.slice(group_key.lastIndexOf(': {') + 2)}`)
          .sort(),
      ]),
    );
    const all = (more: Readonly<Record<string, string>>) =>
      groupWords('vendors', { ...labels.cell, instance: 'cell', ...more });
    expect(differing(there, here)).toEqual({
      ...named('Severity in words', {
        link: [['noc {site_code="MSH0031"}'], ['oncall {alertname="LinkDown", site_code="MSH0031"}']],
      }),
      ...named('Labels that nobody sent', { pulse: [['unknown {}'], ['noc {site_code=""}']] }),
      ...named('A label that is missing, in the key of a group', {
        far: [['north {region="north"}'], ['north {region="north", vendor=""}']],
      }),
      ...named('Codes of sites', { fan: [['noc {site_code="hre0042"}'], ['noc {site_code="HRE0042"}']] }),
      ...named('Groups by every label', { cell: [[all({})], [all({ name: 'CellOut', source: 'alertmanager' })]] }),
    });
    expect(here.mains).toEqual([
      'oncall {alertname="MainsFailure", site_code="CZA0021"}',
      'power {site_code="CZA0021"}',
    ]);
  });

  it('come once for each receiver, and count as duplicates after the first time', async () => {
    const seen = await both.until((all) => (all.get('mains')?.duplicate_count ?? 0) > 0);
    const { duplicate_count, occurrence_count, history } = seen.get('mains') ?? {};
    expect([duplicate_count, occurrence_count, history?.length]).toEqual(
      named('Alerts that come with several groups', [1, 1, 1]),
    );
  });

  it('are silenced by the same silences', async () => {
    const silences: Sides<readonly Matcher[]> = {
      site: [is('site_code', 'CZA0021')],
      'two of one label': [like('alertname', 'CellOut'), unlike('site_code', 'CZ.*')],
      'an expression of a part': [like('alertname', 'Cell')],
      'an expression of the whole': [like('alertname', 'Cell.*')],
      'an expression in any case': [like('alertname', '(?i)cellout')],
      'alternatives, of which one is nothing': [like('region', 'north|'), is('alertname', 'CellOut')],
      'a label that is missing': [is('vendor', ''), is('site_code', 'MSH0031')],
      'a label that is there or not': [like('vendor', '.*'), is('site_code', 'CZA0021')],
      'not that value': [isNot('vendor', 'acme'), like('alertname', '.+')],
      'not like that': [unlike('vendor', 'ac.+'), like('alertname', 'CellOut|FanFailed')],
      'severity as a number': [like('severity', '2|3')],
      'the worst': [like('severity', '4|5')],
      'severity as a word': [is('severity', 'critical')],
      'the name': [is('name', 'CellOut')],
      'the source': [is('source', 'alertmanager')],
      'no element': [is('element_type', ''), like('alertname', '.+')],
      'a site in capitals': [is('site_code', 'HRE0042')],
      'a site as it was sent': [is('site_code', 'hre0042')],
    };
    const ids = new Map<string, string>();
    for (const [name, matchers] of Object.entries(silences)) {
      const terms = { comment: name, matchers, startsAt: inMs(0), endsAt: inMs(HOUR_MS) };
      ids.set(await both.theirs.silence(terms), name);
      const asked = await both.pack.ask('create_silence', { matchers, duration_min: 60, comment: name });
      if (ids.size === 1) {
        const there = (await both.theirs.alerts()).filter(({ status }) => status.silencedBy.length > 0).length;
        const here = await both.pack.call('list_alerts', { silenced: true });
        expect([there, here.total]).toEqual(named('Who makes a silence', [2, 0]));
      }
      expect((await both.pack.approve(asked)).status).toBe('applied');
      ids.set(asked.plan.changes[0]?.resourceId ?? '', name);
    }
    const bySilence = (silenced: readonly (readonly [string, readonly string[]])[]): Sides<string> =>
      Object.fromEntries(
        Object.keys(silences).map((name) => [
          name,
          silenced
            .filter(([, by]) => by.some((id) => ids.get(id) === name))
            .map(([instance]) => instance)
            .sort()
            .join(' '),
        ]),
      );
    const there = bySilence((await both.theirs.alerts()).map((each) => [instanceOf(each), each.status.silencedBy]));
    const here = bySilence((await previews()).map(([instance, { silenced_by }]) => [instance, silenced_by]));
    for (const [id] of ids)
      if (id.startsWith('silence-')) await both.pack.approve(await both.pack.ask('expire_silence', { silence_id: id }));
      else await both.theirs.unsilence(id);
    const everything = Object.keys(labels).sort().join(' ');
    expect(differing(there, here)).toEqual({
      ...named('Severity in words', { 'the worst': ['mains', 'link mains'], 'severity as a word': ['link', ''] }),
      ...named('Labels that nobody sent', {
        'the name': ['', 'cell far south'],
        'the source': ['', everything],
        'no element': ['pulse', ''],
      }),
      ...named('Codes of sites', { 'a site in capitals': ['', 'fan'], 'a site as it was sent': ['fan', ''] }),
    });
    expect([here['an expression of a part'], here['a label that is missing']]).toEqual(['', 'far link']);
    expect((await both.theirs.alerts()).flatMap(({ status }) => status.silencedBy)).toEqual([]);
    expect((await previews()).flatMap(([, { silenced_by }]) => silenced_by)).toEqual([]);
  });

  it('meet silences of which the same are refused', async () => {
    const nothing = [is('site_code', 'NONE01')];
    const terms = (more: object) => ({
      ...{ matchers: nothing, startsAt: inMs(0), endsAt: inMs(HOUR_MS), comment: 'x' },
      ...more,
    });
    const asked = {
      'of everything without a label': terms({ matchers: [is('vendor', '')] }),
      'of everything by an expression': terms({ matchers: [like('vendor', '.*')] }),
      'of nothing': terms({ matchers: [] }),
      'that end before they start': terms({ startsAt: inMs(2 * HOUR_MS) }),
      'that are over': terms({ startsAt: inMs(-2 * HOUR_MS), endsAt: inMs(-HOUR_MS) }),
      'by what is no expression': terms({ matchers: [{ ...like('vendor', 'a'), value: '(' }] }),
      'for later': terms({ startsAt: inMs(HOUR_MS), endsAt: inMs(2 * HOUR_MS) }),
      'for 31 days': terms({ endsAt: inMs(MONTH_MS) }),
      'by a long expression': terms({ matchers: [{ ...like('vendor', 'a'), value: 'a'.repeat(129) }] }),
      'without a reason': terms({ comment: '' }),
    };
    const there: Record<string, string> = {};
    const here: Record<string, string> = {};
    for (const [name, { startsAt, endsAt, ...more }] of Object.entries(asked)) {
      there[name] = await refused(both.theirs.silence({ startsAt, endsAt, ...more }));
      here[name] = await refused(both.pack.ask('create_silence', { starts_at: startsAt, ends_at: endsAt, ...more }));
    }
    expect(differing(there, here)).toEqual(
      named('Long silences, long expressions, no reason', {
        'for 31 days': ['accepted', 'refused'],
        'by a long expression': ['accepted', 'refused'],
        'without a reason': ['accepted', 'refused'],
      }),
    );
    expect(here).toMatchObject({ 'for later': 'accepted', 'that are over': 'refused' });
  });

  it('begin and end at the same times', async () => {
    const [over, soon, earlier] = [inMs(-1000), inMs(1500), inMs(-HOUR_MS)];
    await both.theirs.send(
      sent('mains', { startsAt: began, endsAt: over }),
      sent('cell', { startsAt: began, endsAt: soon }),
      sent('south', { startsAt: inMs(0) }),
      sent('far', { startsAt: earlier }),
      sent('link', { startsAt: began, annotations: { description: 'Cut by a digger' } }),
    );
    const seen = await both.until((all) => ['mains', 'cell'].every((one) => all.get(one)?.status === 'resolved'));
    expect([seen.get('mains')?.resolved_at, seen.get('cell')?.resolved_at]).toEqual([over, soon]);
    const listed = await both.theirs.alerts();
    const there = Object.fromEntries(listed.map((each) => [instanceOf(each), new Date(each.startsAt).toISOString()]));
    const here = Object.fromEntries([...seen].map(([instance, { starts_at }]) => [instance, starts_at]));
    expect(differing(there, here)).toEqual({
      ...named('Alerts that are over', { mains: [undefined, began], cell: [undefined, began] }),
      ...named('A start that is moved back', { far: [earlier, began] }),
    });
    expect(there.south).toBe(began);
    const digger = listed.find((each) => instanceOf(each) === 'link')?.annotations.description;
    await both.everyGroupWasLookedAt();
    expect([digger, (await both.ours()).get('link')?.description]).toEqual(
      named('Annotations that change', ['Cut by a digger', '']),
    );
  });

  it('fire again', async () => {
    const again = inMs(0);
    await both.theirs.send(sent('mains', { startsAt: again }));
    const seen = await both.until((all) => all.get('mains')?.status === 'firing');
    const { starts_at, occurrence_count } = seen.get('mains') ?? {};
    const there = (await both.theirs.alerts()).find((each) => instanceOf(each) === 'mains');
    expect(new Date(there?.startsAt ?? '').toISOString()).toBe(starts_at);
    named('Alerts that fire again', expect([starts_at, occurrence_count]).toEqual([again, 2]));
  });

  it('that differ in severity are two there, and one here, which ends with either', async () => {
    const speed = (severity: string, more: object = {}) => ({
      labels: {
        alertname: 'SpeedLow',
        severity,
        site_code: 'BFN0007',
        element_type: 'TRANSMISSION',
        instance: 'speed',
      },
      ...{ startsAt: began, ...more },
    });
    const those = async () =>
      (await both.theirs.alerts()).filter((each) => instanceOf(each) === 'speed').map((each) => each.labels.severity);
    await both.theirs.send(speed('2'), speed('3'));
    const one = await both.until((all) => all.get('speed')?.history.length === 2);
    const count = (await both.pack.states.all()).filter(({ element_id }) => element_id === 'speed').length;
    expect([(await those()).sort(), count, one.get('speed')?.severity]).toEqual([['2', '3'], 1, 3]);
    await both.theirs.send(speed('3', { endsAt: inMs(0) }));
    await both.until((all) => all.get('speed')?.status === 'resolved');
    expect(await those()).toEqual(['2']);
    // The group of that one is posted again.
    await both.everyGroupWasLookedAt();
    const { status } = (await both.ours()).get('speed') ?? {};
    expect([await those(), status]).toEqual(named('Alerts that differ in severity only', [['2'], 'resolved']));
  });

  it('of what is silenced there do not come: neither an end, nor that the silence is over', async () => {
    const terms = { startsAt: inMs(0), endsAt: inMs(HOUR_MS), comment: 'Works' };
    const id = await both.theirs.silence({ ...terms, matchers: [like('instance', 'fan|south')] });
    await both.theirs.send(sent('fan', { startsAt: began, endsAt: inMs(0) }));
    await both.everyGroupWasLookedAt();
    const before = (await both.ours()).get('south')?.last_seen_at;
    await both.theirs.unsilence(id);
    await both.everyGroupWasLookedAt();
    const seen = await both.ours();
    const left = (await both.theirs.alerts()).map(instanceOf);
    expect([left.includes('fan'), seen.get('fan')?.status]).toEqual(named('Ends during a silence', [false, 'firing']));
    expect([left.includes('south'), seen.get('south')?.last_seen_at]).toEqual(
      named('The end of a silence', [true, before]),
    );
  });

  it('have no difference without its row in the guide, and the guide no other row', () => {
    expect(unmet()).toEqual([]);
  });
});
