import { compilePattern, patternProblems } from './pattern.ts';

const matches = (pattern: string, value: string): boolean => {
  expect(patternProblems(pattern)).toEqual([]);
  return compilePattern(pattern).test(value);
};

describe('a pattern', () => {
  it.each([
    ['^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$', 'Plätt form 7', true],
    ['^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$', 'pZNL{}', false],
    ['^\\p{L}+$', 'Platform', true],
    ['^\\pL+$', 'Øst', true],
    ['^\\p{Greek}+$', 'Ωμέγα', true],
    ['^.$', '😀', true],
    ['prod\\z', 'prod', true],
    ['\\Aprod$', 'prod', true],
    ['(?P<stage>prod|dev)-(?<number>\\d+)$', 'dev-7', true],
    ['(?i)prod$', 'PROD', true],
    ['(?i:prod)-x$', 'Prod-x', true],
    ['[[:alpha:]]+$', 'abc', true],
    ['\\Qa.b[\\E$', 'a.b[', true],
    ['\\x{50}rod$', 'Prod', true],
    ['a{1,3}$', 'aaaa', false],
  ])('%s judges %s: %s', (pattern, value, expected) => {
    expect(matches(pattern, value)).toBe(expected);
  });

  it('is anchored at its start only, alternatives included', () => {
    expect(['a', 'bx', 'xa', 'xb'].map((value) => matches('a|b', value))).toEqual([true, true, false, false]);
  });

  it.each([
    ['prod\\Z', 'Write $'],
    ['(?=prod)', 'looking ahead'],
    ['^(?!prod).*', 'looking ahead'],
    ['(?<=a)b', 'looking ahead or behind'],
    ['(?<!a)b', 'looking ahead or behind'],
    ['(a)\\1', 'back references'],
    ['(a)\\12', 'back references'],
    ['(?P<n>a)(?P=n)', 'back references'],
    ['(?<n>a)\\k<n>', 'back references'],
    ['a++', 'possessive'],
    ['a?+', 'possessive'],
    ['a{1,2}+', 'possessive'],
    ['(?>a)', 'Write (?:'],
    ['(?x)a b', 'flags i, m and s'],
    ['(?U)\\w', 'flags i, m and s'],
    ['(?iu:a)', 'flags i, m and s'],
    ["(?'name'a)", "a group's name"],
    ['(?R)', "a group's name"],
    ['(?(1)a|b)', "a group's name"],
    ['(?#why)a', 'comments'],
    ['\\u00e9', '\\x{00e9}'],
    ['\\u{1F600}', '\\x{00e9}'],
    ['\\p{Script=Greek}', '\\p{Greek}'],
    ['\\h+', 'Write out the characters'],
    ['\\R', 'Write out the characters'],
    ['[a&&[^b]]', 'compute with sets'],
    ['[a--b]', 'compute with sets'],
    ['[a[b]]', 'Write \\['],
    ['[]a]', 'Write \\]'],
    ['[^]a]', 'Write \\]'],
    ['[:alpha:]+', '[[:alpha:]]'],
    ['a{,3}', '{0,3}'],
    ['{owner}', 'write \\{'],
    ['/^prod$/i', 'without slashes'],
    ['*@example.com', 'missing argument'],
    ['(', 'missing closing )'],
    ['\bprod', 'written twice'],
    ['a\ud800', 'control character'],
    ['a{1000}', 'at most 1000'],
    ['(?:a?b?c?){900}', 'at most 1000'],
  ])('%s is refused, because it cannot be meant as it stands', (pattern, remedy) => {
    expect(patternProblems(pattern).join('\n')).toContain(remedy);
  });

  it('takes no longer for a hostile value than for any other', () => {
    const hostile = [
      ['^([a-z0-9]+[._-]?)+@example\\.com$', `${'a'.repeat(245)}@example.org`],
      ['^(\\w+\\s?)*$', `${'a'.repeat(255)}!`],
      ['(x+x+)+y', 'x'.repeat(256)],
      ['^(?:(?:a?){30}){16}$', `${'a'.repeat(255)}b`],
      ['(.*)*(.*)*(.*)*;', 'a'.repeat(256)],
    ] as const;
    for (const [pattern, value] of hostile) {
      const began = performance.now();
      expect(matches(pattern, value)).toBe(false);
      expect(performance.now() - began).toBeLessThan(500);
    }
  });
});
