/**
 * The policy's patterns. A policy and the tags it judges both come from outside, so patterns run on RE2, which takes
 * time in proportion to the text: a backtracking engine can be made to stop the whole service by one tag value.
 * https://github.com/google/re2/wiki/Syntax
 */
import { RE2JS } from 're2js';
import { dialectProblems } from './pattern-dialects.ts';

/** A pattern that is ready to judge values. */
export interface Pattern {
  /** Does the value match from its start? What follows the match may be anything, unless the pattern ends in `$`. */
  test(value: string): boolean;
}

/** Longest pattern, in characters. */
export const MAX_PATTERN_LENGTH = 500;
/** RE2 instructions. A value of 256 characters takes some milliseconds in the worst pattern of this size. */
const MAX_INSTRUCTIONS = 1000;

const compile = (source: string): RE2JS | { readonly problem: string } => {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { problem: error.message.replace(/^error parsing regexp: /, '') };
  }
};

/** What keeps a text from being a pattern here, each with its remedy. Empty: it is one. */
export const patternProblems = (source: string): string[] => {
  const problems = dialectProblems(source);
  if (problems.length > 0) return problems;
  const compiled = compile(source);
  if ('problem' in compiled)
    return [`${compiled.problem}. Write it in RE2's syntax: https://github.com/google/re2/wiki/Syntax`];
  const size = compiled.programSize();
  if (size <= MAX_INSTRUCTIONS) return [];
  return [
    `its repetitions unfold to ${size} steps, and at most ${MAX_INSTRUCTIONS} are allowed. Use smaller counts, or + and *`,
  ];
};

/** @throws RE2JSSyntaxException for a text that has problems */
export const compilePattern = (source: string): Pattern => {
  const compiled = RE2JS.compile(source);
  return { test: (value) => compiled.matcher(value).lookingAt() };
};
