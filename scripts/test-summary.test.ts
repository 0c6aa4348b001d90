import { summarize, timesOf } from './test-summary.ts';

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

describe('timesOf', () => {
  it('adds the files of a kind up, and names the longest', () => {
    const took = (name: string, seconds: number) => ({
      name: `/here/${name}`,
      startTime: 1000,
      endTime: 1000 + seconds * 1000,
    });
    const testResults = [
      took('scripts/plan.test.ts', 2),
      took('proof/platform/apply.test.ts', 120),
      took('service/src/config.test.ts', 3),
      took('service/test/browser/pages.test.ts', 4),
    ];
    const text = JSON.stringify({ numPassedTests: 1, numFailedTests: 0, numRuntimeErrorTestSuites: 0, testResults });
    expect(timesOf(text, '/here').map((line) => line.trim())).toEqual([
      '120 s  platform',
      '5 s  unit',
      '4 s  browser',
      '120 s  proof/platform/apply.test.ts',
      '4 s  service/test/browser/pages.test.ts',
      '3 s  service/src/config.test.ts',
      '2 s  scripts/plan.test.ts',
    ]);
    expect(timesOf('{"numPassed', '/here')).toEqual([]);
  });
});
