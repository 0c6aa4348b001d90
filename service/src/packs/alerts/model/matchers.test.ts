import { compileMatchers, labelsOf, Matcher, Matchers, matchersWords, wantsSomething } from './matchers.ts';

const alert = {
  labels: { severity: 'critical', instance: 'tx-7', region: 'north' },
  ...{ severity: 5, site_code: 'CZA0021', element_type: 'TRANSMISSION', name: 'LinkDown', source: 'alertmanager' },
} as const satisfies import('./matchers.ts').Labelled & object;

const matches = (...matchers: readonly unknown[]) => compileMatchers(Matchers.parse(matchers))(labelsOf(alert));

describe('matchers', () => {
  it.each([
    ['an equal value', { name: 'region', value: 'north' }, true],
    ['another value', { name: 'region', value: 'nort' }, false],
    ['a whole expression', { name: 'severity', value: '4|5', isRegex: true }, true],
    [
      'an expression of a part, because expressions are anchored',
      { name: 'region', value: 'nor', isRegex: true },
      false,
    ],
    ['alternatives at their ends, anchored as one', { name: 'region', value: 'nor|th', isRegex: true }, false],
    ['an unequal value', { name: 'region', value: 'south', isEqual: false }, true],
    ['a negated expression', { name: 'region', value: 'n.*', isRegex: true, isEqual: false }, false],
    ['a missing label as empty', { name: 'vendor', value: '' }, true],
    ['a missing label as no value', { name: 'vendor', value: '.+', isRegex: true }, false],
    ['what every object has as missing', { name: 'constructor', value: '' }, true],
    ['the severity as a number, whatever the sender called it', { name: 'severity', value: '5' }, true],
    ['the site', { name: 'site_code', value: 'CZA.*', isRegex: true }, true],
    ['the element type', { name: 'element_type', value: 'TRANSMISSION' }, true],
    ['the name', { name: 'name', value: 'LinkDown' }, true],
    ['the source', { name: 'source', value: 'alertmanager' }, true],
  ])('take %s', (_what, matcher, expected) => {
    expect(matches(matcher)).toBe(expected);
  });

  it('must all match, and none match everything', () => {
    expect(matches({ name: 'region', value: 'north' }, { name: 'instance', value: 'tx-8' })).toBe(false);
    expect(matches()).toBe(true);
  });

  it.each([
    [[{ name: 'site_code', value: 'CZA0021' }], true],
    [[{ name: 'site_code', value: '.*', isRegex: true }], false],
    [[{ name: 'site_code', value: 'X', isEqual: false }], false],
    [[{ name: 'site_code', value: '', isEqual: false }], true],
    [
      [
        { name: 'vendor', value: '' },
        { name: 'name', value: 'A' },
      ],
      true,
    ],
  ])('%j want something that is there: %s', (matchers, expected) => {
    expect(wantsSomething(Matchers.parse(matchers))).toBe(expected);
  });

  it.each([
    ['a'.repeat(129), 'has 129 characters, and at most 128'],
    ['(a{1,50}){20}', 'unfolds to'],
    ['a(', 'is none of RE2'],
    ['(?=a)b', 'is none of RE2'],
    [String.raw`(a)\1`, 'is none of RE2'],
  ])('refuse the expression %s', (value, message) => {
    expect(() => Matcher.parse({ name: 'name', value, isRegex: true })).toThrow(message);
    expect(Matcher.parse({ name: 'name', value }).value).toBe(value);
  });

  it('take time in proportion to the text where a backtracking engine would not end', () => {
    const match = compileMatchers(Matchers.parse([{ name: 'note', value: '(a|aa)+$', isRegex: true }]));
    const before = performance.now();
    expect(match(new Map([['note', `${'a'.repeat(5000)}b`]]))).toBe(false);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it('are written as people write them', () => {
    const all = [
      { name: 'a', value: '1' },
      { name: 'b', value: '4|5', isRegex: true },
      { name: 'c', value: '"', isEqual: false },
      { name: 'd', value: 'x', isEqual: false, isRegex: true },
    ];
    expect(matchersWords(Matchers.parse(all))).toBe(String.raw`{a="1", b=~"4|5", c!="\"", d!~"x"}`);
  });
});
