/**
 * The last line of CI: `N passed, N failed`, from the report of `jest --json`, after how long the kinds and the longest files
 * took. Fails when a test failed, a file could
 * not be run, or nothing ran at all: a run that tests nothing must not look like one that passes.
 */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { argv, exit, stdout } from 'node:process';
import { z } from 'zod';

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  /** Files that failed before any of their tests could. */
  numRuntimeErrorTestSuites: z.int(),
  /** One a file, with its absolute path, and when it began and ended in milliseconds. */
  testResults: z.array(z.object({ name: z.string(), startTime: z.number(), endTime: z.number() })).default([]),
});

/** `browser` of service/test/browser/pages.test.ts; what has no folder of its kind is a unit test. */
const kindOf = (path: string): string => /^(?:service\/test|proof)\/([^/]+)\//.exec(path)?.[1] ?? 'unit';

const LONGEST = 15;

/**
 * How long tests took, the longest first: each kind, and the longest files. In seconds that pass while other files run beside.
 * @param root from where paths are told
 */
export const timesOf = (report: string | undefined, root: string): readonly string[] => {
  const files = (Report.safeParse(parse(report)).data?.testResults ?? []).map(({ name, startTime, endTime }) => ({
    name: relative(root, name),
    seconds: (endTime - startTime) / 1000,
  }));
  const kinds = [...Map.groupBy(files, ({ name }) => kindOf(name))].map(([name, those]) => ({
    name,
    seconds: those.reduce((sum, { seconds }) => sum + seconds, 0),
  }));
  const longest = (timed: typeof files): typeof files => timed.toSorted((a, b) => b.seconds - a.seconds);
  return [...longest(kinds), ...longest(files).slice(0, LONGEST)].map(
    ({ name, seconds }) => `${seconds.toFixed(0).padStart(6)} s  ${name}`,
  );
};

/** @returns the line, and whether the run may count as passed. A missing or unreadable report is one failure. */
export const summarize = (report: string | undefined): { line: string; passed: boolean } => {
  const { data } = Report.safeParse(parse(report));
  if (data === undefined) return { line: '0 passed, 1 failed', passed: false };
  const failed = data.numFailedTests + data.numRuntimeErrorTestSuites;
  return {
    line: `${data.numPassedTests} passed, ${failed} failed`,
    passed: failed === 0 && data.numPassedTests > 0,
  };
};

const parse = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined; // jest was killed while it wrote, or never started
  }
};

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // the checks before jest failed
  }
};

if (import.meta.main) {
  const report = read(argv[2] ?? 'test-results/jest.json');
  for (const time of timesOf(report, join(import.meta.dirname, '..'))) stdout.write(`${time}\n`);
  const { line, passed } = summarize(report);
  stdout.write(`${line}\n`);
  exit(passed ? 0 : 1);
}
