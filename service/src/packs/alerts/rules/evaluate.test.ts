import { RuleTerms } from '../model/rule.ts';
import { firingsOf, type Happening } from './evaluate.ts';

const minute = 60_000;
const start = Date.parse('2026-05-01T10:00:00Z');
const clock = (at: number): string => new Date(at).toISOString().slice(11, 19);

const rule = (condition: object, more = {}) =>
  RuleTerms.parse({ rule_id: 'rule', name: 'Rule', severity: 4, condition, ...more });
const happening = (minutes: number, more: Partial<Happening> = {}): Happening => ({
  ...{ at: start + minutes * minute, kind: 'raise', duplicate: false, alertId: 'a', severity: 3 },
  labels: new Map([['site_code', 'CZA0021']]),
  ...more,
});
const site = (code: string) => new Map([['site_code', code]]);
const firings = (terms: RuleTerms, happenings: readonly Happening[], minutes = 60) =>
  firingsOf(terms, happenings, { from: start, to: start + minutes * minute }).map(({ from, until, labels }) =>
    [clock(from), until > start + minutes * minute ? '' : clock(until), ...Object.values(labels)]
      .filter(Boolean)
      .join(' '),
  );

describe('a rule that counts: 3 raises in 10 minutes', () => {
  const three = rule({ type: 'count', n: 3, window_s: 600 });
  it.each([
    ['fires at the third, until the first is ten minutes old', [0, 4, 8], ['10:08:00 10:10:00']],
    ['goes on while others follow', [0, 4, 8, 9], ['10:08:00 10:14:00']],
    ['fires again', [0, 1, 2, 30, 31, 32], ['10:02:00 10:10:00', '10:32:00 10:40:00']],
    ['leaves out what is exactly a window old', [0, 5, 10], []],
    ['needs three', [0, 1], []],
  ])('%s', (_what, minutes, expected) => {
    expect(
      firings(
        three,
        minutes.map((at) => happening(at)),
      ),
    ).toEqual(expected);
  });

  it('counts no duplicates, changes and ends', () => {
    const others = [{ duplicate: true }, { kind: 'change' }, { kind: 'clear' }] as const;
    expect(firings(three, [happening(0), happening(1), ...others.map((more) => happening(2, more))])).toEqual([]);
  });

  it('judges each group by itself, and only what it matches, in whatever order it came', () => {
    const grouped = rule(three.condition, {
      group_by: ['site_code'],
      matchers: [{ name: 'site_code', value: 'X.*', isRegex: true }],
    });
    const at = (code: string, ...minutes: number[]) => minutes.map((each) => happening(each, { labels: site(code) }));
    expect(firings(grouped, [...at('X2', 3, 2, 1), ...at('X1', 1, 2), ...at('CZA0021', 1, 2, 3)])).toEqual([
      '10:03:00 10:11:00 X2',
    ]);
  });
});

describe('a rule of severity 4', () => {
  const four = rule({ type: 'severity', n: 4 });
  it('fires while any alert is open that is severe enough', () => {
    const events = [
      happening(0, { severity: 5 }),
      happening(5, { alertId: 'b', severity: 4 }),
      happening(10, { kind: 'clear', severity: 5 }),
      happening(20, { alertId: 'b', kind: 'change', severity: 2 }),
      happening(30, { severity: 3 }),
      happening(40, { kind: 'change', severity: 4 }),
    ];
    expect(firings(four, events)).toEqual(['10:00:00 10:20:00', '10:40:00']);
  });
});

describe('a rule of absence: nothing in 15 minutes', () => {
  const absent = { type: 'absence', window_s: 900 };
  it.each([
    ['fires where nothing ever came', [], ['10:15:00']],
    ['fires a window after the last, until the next', [5, 30], ['10:20:00 10:30:00', '10:45:00']],
    ['does not fire where all came in time', [10, 24, 38, 50], []],
  ])('%s', (_what, minutes, expected) => {
    expect(
      firings(
        rule(absent),
        minutes.map((at) => happening(at)),
      ),
    ).toEqual(expected);
  });

  it('takes a post that says nothing new for a sign of life', () => {
    expect(
      firings(
        rule(absent),
        [0, 14, 28, 42, 56].map((at) => happening(at, { duplicate: at > 0 })),
      ),
    ).toEqual([]);
  });

  it('misses of its groups only those that it saw', () => {
    const grouped = rule(absent, { group_by: ['site_code'] });
    expect(firings(grouped, [happening(5, { labels: site('A') }), happening(50, { labels: site('B') })])).toEqual([
      '10:20:00 A',
    ]);
  });
});
