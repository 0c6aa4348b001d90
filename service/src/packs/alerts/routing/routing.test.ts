import { type Labelled, labelsOf } from '../model/matchers.ts';
import { type RouteNode, RouteTree, receiversIn } from '../model/route.ts';
import { parseDuration, spanWords } from './duration.ts';
import { createRouter, groupOf } from './routing.ts';

const tree = RouteTree.parse({
  receiver: 'noc',
  routes: [
    { receiver: 'power', continue: true, matchers: [{ name: 'element_type', value: 'POWER_SYSTEM' }] },
    { receiver: 'oncall', matchers: [{ name: 'severity', value: '4|5', isRegex: true }] },
    { receiver: 'field', matchers: [{ name: 'site_code', value: 'CZA0021' }] },
  ],
});
const alert = (element_type: Labelled['element_type'], severity: Labelled['severity'], site_code: string) =>
  labelsOf({ ...{ element_type, severity, site_code, name: 'Any', source: 's' }, labels: { region: 'north' } });

const power = alert('POWER_SYSTEM', 5, 'CZA0021');

describe('acceptance example 8: root noc, with power that continues, oncall and field', () => {
  it.each([
    ['power 5 at CZA0021', power, ['power', 'oncall']],
    ['cell 3 at CZA0021', alert('CELL_SITE', 3, 'CZA0021'), ['field']],
    ['cell 3 at MSH0031', alert('CELL_SITE', 3, 'MSH0031'), ['noc']],
  ])('%s reaches the receivers it should', (_what, labels, receivers) => {
    expect(createRouter(tree)(labels).map(({ receiver }) => receiver)).toEqual(receivers);
  });
});

describe('a route', () => {
  const routesOf = (root: unknown, labels = power) => createRouter(RouteTree.parse(root))(labels);

  it('has the waits of the root where nobody says otherwise, and inherits from above', () => {
    const [first] = routesOf({ receiver: 'noc' });
    expect(first).toMatchObject({ groupWait: 30_000, groupInterval: 300_000, repeatInterval: 14_400_000, groupBy: [] });
    const inner = { group_wait: '10s', routes: [{ repeat_interval: '1h30m' }] };
    const [below] = routesOf({ receiver: 'noc', group_by: ['site_code'], routes: [inner] });
    expect(below).toMatchObject({
      ...{ receiver: 'noc', groupBy: ['site_code'], groupWait: 10_000, repeatInterval: 5_400_000 },
      path: '{} / {} / {}',
    });
  });

  it('takes what none of its children takes, also below a child that goes on', () => {
    const child = {
      receiver: 'power',
      continue: true,
      routes: [{ receiver: 'never', matchers: [{ name: 'x', value: '1' }] }],
    };
    expect(routesOf({ receiver: 'noc', routes: [child] }).map(({ receiver }) => receiver)).toEqual(['power']);
  });

  it('puts alerts together that have the same values of its labels', () => {
    const groups = (group_by: string[], labels: typeof power) => {
      const [route] = routesOf({ receiver: 'noc', group_by }, labels);
      return route && groupOf(route, labels);
    };
    const other = alert('CELL_SITE', 3, 'CZA0021');
    expect(groups(['site_code'], power)?.id).toBe(groups(['site_code'], other)?.id);
    expect(groups(['site_code'], power)).toMatchObject({
      key: 'noc: {}: {site_code="CZA0021"}',
      labels: { site_code: 'CZA0021' },
    });
    expect(groups(['element_type'], power)?.id).not.toBe(groups(['element_type'], other)?.id);
    expect(groups(['vendor', 'region'], power)?.labels).toEqual({ region: 'north', vendor: '' });
    expect(groups([], power)?.id).toBe(groups([], other)?.id);
    expect(Object.keys(groups(['...'], power)?.labels ?? {})).toEqual([
      'element_type',
      'name',
      'region',
      'severity',
      'site_code',
      'source',
    ]);
  });
});

describe('a tree', () => {
  const deep = (levels: number): RouteNode => (levels === 0 ? {} : { routes: [deep(levels - 1)] });
  it.each([
    [{}, 'needs a receiver'],
    [{ receiver: 'noc', matchers: [{ name: 'a', value: 'b' }] }, 'has no matchers'],
    [{ receiver: 'noc', continue: true }, 'Nothing comes after the root'],
    [{ receiver: 'noc', group_wait: '30' }, 'a span such as 30s'],
    [{ receiver: 'noc', repeat_interval: '1s' }, 'from 1m to 30d'],
    [{ receiver: 'noc', routes: [{ match: {} }] }, 'match'],
    [{ receiver: 'noc', routes: [{ matchers: [{ name: 'a', value: '(', isRegex: true }] }] }, 'none of RE2'],
    [{ receiver: 'noc', ...deep(13) }, '13 levels'],
    [
      {
        receiver: 'noc',
        routes: Array.from({ length: 2 }, () => ({ routes: Array.from({ length: 250 }, () => ({})) })),
      },
      '503 nodes',
    ],
  ])('%j is refused', (root, message) => {
    expect(() => RouteTree.parse(root)).toThrow(message);
  });

  it('names its receivers', () => {
    expect([...receiversIn(tree)]).toEqual(['noc', 'power', 'oncall', 'field']);
  });
});

describe('spans', () => {
  it.each([
    ['30s', 30_000],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
  ])('%s is read and written', (text, milliseconds) => {
    expect([parseDuration(text), spanWords(milliseconds)]).toEqual([milliseconds, text]);
  });
  it.each(['', '5', 'm', '-5m', '5m1h', '1.5h'])('"%s" is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
