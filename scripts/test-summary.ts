/**
 * The last line of CI: `N passed, N failed`, from the report of `jest --json`. Fails when a test failed, a file could
 * not be run, or nothing ran at all: a run that tests nothing must not look like one that passes.
 */
import { readFileSync } from 'node:fs';
import { argv, exit, stdout } from 'node:process';
import { z } from 'zod';

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  /** Files that failed before any of their tests could. */
  numRuntimeErrorTestSuites: z.int(),
});

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
  const { line, passed } = summarize(read(argv[2] ?? 'test-results/jest.json'));
  stdout.write(`${line}\n`);
  exit(passed ? 0 : 1);
}
