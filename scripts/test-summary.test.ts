import { summarize } from './test-summary.ts';

const report = (passed: number, failed: number, broken: number) =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: broken });

describe('summarize', () => {
  it.each([
    ['all green', report(12, 0, 0), '12 passed, 0 failed', true],
    ['a failed test', report(11, 1, 0), '11 passed, 1 failed', false],
    ['a file that could not run', report(12, 0, 1), '12 passed, 1 failed', false],
    ['no test at all', report(0, 0, 0), '0 passed, 0 failed', false],
    ['no report', undefined, '0 passed, 1 failed', false],
    ['half a report', '{"numPassed', '0 passed, 1 failed', false],
  ])('of %s', (_of, text, line, passed) => {
    expect(summarize(text)).toEqual({ line, passed });
  });
});
