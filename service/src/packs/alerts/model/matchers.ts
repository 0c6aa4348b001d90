/**
 * Matchers of silences, rules and routes: what an alert's labels must say, all of them together. Matchers and labels both come from
 * outside, so expressions run on RE2, which takes time in proportion to the text. https://github.com/google/re2/wiki/Syntax
 */
import { RE2JS } from 're2js';
import { z } from 'zod';
import type { Alert } from './alert.ts';

/** Longest expression, in characters. */
export const MOST_EXPRESSION = 128;
/** RE2 instructions: `(a{1,60}){60}` has 15 characters and unfolds to thousands. */
const MOST_INSTRUCTIONS = 1000;
const MOST_MATCHERS = 20;

const compile = (source: string): RE2JS => RE2JS.compile(source);

/** What keeps a text from being an expression here, with the remedy. Undefined: it is one. */
const expressionProblem = (source: string): string | undefined => {
  if (source.length > MOST_EXPRESSION)
    return `has ${source.length} characters, and at most ${MOST_EXPRESSION} are allowed`;
  try {
    const size = compile(source).programSize();
    return size <= MOST_INSTRUCTIONS
      ? undefined
      : `unfolds to ${size} steps, and at most ${MOST_INSTRUCTIONS} are allowed: use smaller counts, or + and *`;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error.message.replace(/^error parsing regexp: /, '');
    return `is none of RE2 (${why}): https://github.com/google/re2/wiki/Syntax`;
  }
};

export const Matcher = z
  .strictObject({
    name: z.string().min(1).max(128),
    value: z.string().max(1024),
    /** The value is an expression that must match the whole label. */
    isRegex: z.boolean().default(false),
    /** False: it must not match. */
    isEqual: z.boolean().default(true),
  })
  .superRefine(({ value, isRegex }, context) => {
    const problem = isRegex ? expressionProblem(value) : undefined;
    if (problem !== undefined)
      context.addIssue({ code: 'custom', path: ['value'], message: `The expression ${problem}.` });
  });
export type Matcher = z.output<typeof Matcher>;

export const Matchers = z.array(Matcher).max(MOST_MATCHERS);

/** What matchers look at: the alert's labels, and under these names what the service made of them. A label that is missing is empty. */
export type Labels = ReadonlyMap<string, string>;

export type Labelled = Pick<Alert, 'labels' | 'severity' | 'site_code' | 'element_type' | 'name' | 'source'>;

/** Names that every alert has, whatever its sender called them. */
export const ownLabels = ['severity', 'site_code', 'element_type', 'name', 'source'] as const;

export const labelsOf = (alert: Labelled): Labels =>
  new Map([...Object.entries(alert.labels), ...ownLabels.map((name) => [name, String(alert[name])] as const)]);

type Test = (labels: Labels) => boolean;

const testOf = ({ name, value, isRegex, isEqual }: Matcher): Test => {
  const expression = isRegex ? compile(value) : undefined;
  const fits = expression === undefined ? (text: string) => text === value : (text: string) => expression.matches(text);
  return (labels) => fits(labels.get(name) ?? '') === isEqual;
};

/**
 * Compiles them once for many alerts. No matchers match everything.
 * @throws RE2JSSyntaxException for an expression that `Matcher` refuses
 */
export const compileMatchers = (matchers: readonly Matcher[]): Test => {
  const tests = matchers.map(testOf);
  return (labels) => tests.every((test) => test(labels));
};

const none: Labels = new Map();

/** Whether any of them wants something that is there. Without one they match every alert that lacks the labels. */
export const wantsSomething = (matchers: readonly Matcher[]): boolean =>
  matchers.some((matcher) => !testOf(matcher)(none));

const operatorOf = ({ isRegex, isEqual }: Matcher): string =>
  isEqual ? (isRegex ? '=~' : '=') : isRegex ? '!~' : '!=';

/** As people write them: `severity=~"4|5"`. */
const matcherWords = (matcher: Matcher): string =>
  `${matcher.name}${operatorOf(matcher)}${JSON.stringify(matcher.value)}`;

/** `{severity=~"4|5", site_code="CZA0021"}`. Text from outside: clean it before people see it. */
export const matchersWords = (matchers: readonly Matcher[]): string => `{${matchers.map(matcherWords).join(', ')}}`;
