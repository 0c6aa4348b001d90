/** Names taken apart into whole words, so that `latest` is no test and `contest` neither. Pure. */

/** `webProd-01` is web, prod, 01. */
export const wordsIn = (text: string): string[] =>
  text
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u)
    .filter((word) => word !== '');

/** Does one list of words hold another, one after the other? */
const holds = (words: readonly string[], sought: readonly string[]): boolean =>
  sought.length > 0 && words.some((_, at) => sought.every((word, offset) => words[at + offset] === word));

/** How environments are called for short. Whole words only. */
const shortNames: Readonly<Record<string, readonly string[]>> = {
  production: ['prod', 'prd', 'live'],
  staging: ['stage', 'stg'],
  development: ['dev', 'devel', 'develop'],
  testing: ['test', 'tst', 'qa'],
};

/** Every way to say one of the environments, by any of them. */
const spellings = new Map<string, readonly string[]>(
  Object.entries(shortNames).flatMap(([long, short]) => {
    const all = [long, ...short];
    return all.map((each) => [each, all] as const);
  }),
);

/** The ways to say a value. What is another of the values by itself means that one. */
const saysOf = (value: string, values: readonly string[]): readonly (readonly string[])[] => {
  const words = wordsIn(value);
  const [only] = words;
  const taken = new Set(values.filter((other) => other !== value).map((other) => wordsIn(other).join(' ')));
  const others = words.length === 1 && only !== undefined ? (spellings.get(only) ?? []) : [];
  return [words, ...others.filter((each) => !taken.has(each)).map((each) => [each])];
};

/**
 * The one of the values that a text names, in its own spelling or as environments are called for short. Undefined where it
 * names none, or several: `prod-to-test-copy` says nothing.
 */
export const valueNamed = (text: string, values: readonly string[]): string | undefined => {
  const words = wordsIn(text);
  const meant = [...new Set(values)].filter((value) => saysOf(value, values).some((said) => holds(words, said)));
  // `team data` names the longer of `team data` and `data`.
  const widest = meant.filter(
    (value) => !meant.some((other) => other !== value && holds(wordsIn(other), wordsIn(value))),
  );
  return widest.length === 1 ? widest[0] : undefined;
};

const isEnvironment = (word: string): boolean => spellings.has(word);
/** Say what a thing is rather than which application it belongs to. */
const kinds = new Set(
  'api app aws backend batch bucket cache cluster data db example frontend function instance main node proxy server service web worker'.split(
    ' ',
  ),
);

/** The word of a name that may be its application: the first that is no environment, no number and no kind of thing. */
export const applicationIn = (text: string): string | undefined =>
  wordsIn(text).find(
    (word) => word.length > 2 && !isEnvironment(word) && !kinds.has(word) && !/^[\p{N}a-f]+$/u.test(word),
  );
