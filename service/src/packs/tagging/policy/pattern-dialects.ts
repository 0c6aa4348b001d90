/**
 * Where the dialects of regular expressions part. A pattern that another engine reads otherwise than RE2, or that RE2
 * does not have, is named with what to write in its place. Accepting it would judge tags by something nobody meant.
 */

interface Trap {
  readonly at: RegExp;
  readonly problem: (found: string) => string;
}

/** Traps are sticky: each is tried at one position. */
const escapes: readonly Trap[] = [
  {
    at: /\\u(?:\{[^}]*\}?|[0-9a-fA-F]{0,4})/y,
    problem: (found) => `${found}: write the character itself, or its number as in \\x{00e9}`,
  },
  {
    at: /\\(?:\d+|k(?:<\w*>|\{\w*\})?)/y,
    problem: (found) =>
      `${found}: back references are not possible, and octal numbers are ambiguous. Write out what must repeat; a character by its number is \\x{41}`,
  },
  { at: /\\Z/y, problem: () => '\\Z does not exist here. Write $ for the end of the value' },
  {
    at: /\\[GKRXhHVNc]/y,
    problem: (found) => `${found} does not exist here. Write out the characters it stands for`,
  },
  {
    at: /\\[pP]\{[\w ]+=[\w ]+\}/y,
    problem: (found) => `${found}: name the script or category alone, as in \\p{Greek} or \\p{Lu}`,
  },
];

const outsideClasses: readonly Trap[] = [
  { at: /\[\^?\]/y, problem: () => '[]: some engines read an empty set here. Write \\] for the character' },
  {
    at: /\[:\^?[a-z]+:\]/y,
    problem: (found) => `${found} stands inside another pair of brackets, as in [[:alpha:]]`,
  },
  {
    at: /\(\?<?[=!]/y,
    problem: (found) =>
      `${found}: looking ahead or behind is not possible. Say what the value is, not what surrounds it; use allowed_values, or alternatives with |`,
  },
  { at: /\(\?>/y, problem: (found) => `${found}: atomic groups do not exist here. Write (?:` },
  { at: /\(\?#/y, problem: () => '(?#: comments do not exist here. Use the description of the tag' },
  { at: /\(\?P=\w*\)?/y, problem: (found) => `${found}: back references are not possible. Write out what must repeat` },
  {
    at: /\(\?(?!P?<|[ims]*(?:-[ims]+)?[:)]|<?[=!]|[>#]|P=)[^:)]{0,10}[:)]?/y,
    problem: (found) =>
      `${found}: after (? there may be only : or a group's name, as in (?<name>, or the flags i, m and s`,
  },
  {
    at: /(?:[*+?]|\{[\d,]+\})\+/y,
    problem: (found) => `${found}: possessive repetition does not exist here. Leave out the second +`,
  },
  {
    at: /\{(?!\d+(?:,\d*)?\})/y,
    problem: () =>
      '{ that does not begin a count such as {2} or {1,3}: write \\{ for the character, {0,3} for "up to three"',
  },
];

const insideClasses: readonly Trap[] = [
  {
    at: /&&|\|\||~~|--/y,
    problem: (found) => `${found} in [ ]: some engines compute with sets here. Write each character once`,
  },
  { at: /\[(?!:\^?[a-z]+:\])/y, problem: () => '[ in [ ]: some engines nest sets here. Write \\[ for the character' },
];

const slashed: Trap = {
  at: /\/(?:\^.*|.*\$)\/[a-z]*$/sy,
  problem: () => 'a pattern stands here without slashes around it; flags are written in front, as in (?i)',
};

const token = /\\Q.*?(?:\\E|$)|\\(?:[pPxuk](?:\{[^}]*\})?|\d+|.)|\[:\^?[a-z]+:\]|./gsu;

const problemAt = (traps: readonly Trap[], source: string, position: number): string[] => {
  for (const { at, problem } of traps) {
    at.lastIndex = position;
    const found = at.exec(source);
    if (found !== null) return [problem(found[0])];
  }
  return [];
};

/** Everything in a pattern that would be read otherwise than it was meant, each once and with its remedy. */
export const dialectProblems = (source: string): string[] => {
  if (!source.isWellFormed() || /\p{Cc}/u.test(source))
    return ['it holds a control character. In JSON a backslash is written twice, as in "\\\\b"'];
  const problems = problemAt([slashed], source, 0);
  let inClass = false;
  for (const { 0: text, index } of source.matchAll(token)) {
    if (text.startsWith('\\Q')) continue;
    const traps = text.startsWith('\\') ? escapes : inClass ? insideClasses : outsideClasses;
    problems.push(...problemAt(traps, source, index));
    inClass = inClass ? text !== ']' : text === '[';
  }
  return [...new Set(problems)];
};
