/**
 * The order in which jest runs the test files: the longest first, so that no core waits at the end for one that began
 * last. jest itself orders by the size of a file where it has no earlier times, which is always so in a fresh clone, and
 * the longest tests here are short files that start servers.
 */
import { statSync } from 'node:fs';

/** What jest hands over, as far as this looks at it. */
interface Test {
  readonly path: string;
  readonly context: { readonly config: { readonly rootDir: string } };
}

/** Beginnings of paths, the slowest first. */
const slowest = [
  'modules/proof/apply.test.ts',
  'service/test/attack/',
  'modules/proof/',
  'service/test/conformance/',
  'service/test/browser/',
  'service/test/faults/',
  'service/test/stores/',
  'service/test/estate/',
  'service/test/stories/',
  'modules/',
];

/** 0 for the slowest. @param path from the root of the repository */
export const rankOf = (path: string): number => {
  const rank = slowest.findIndex((start) => path.startsWith(start));
  return rank === -1 ? slowest.length : rank;
};

/** jest calls these methods; it has no interface to implement that both its types and its code know. */
export default class LongestFirst {
  sort(tests: readonly Test[]): Test[] {
    const placed = tests.map((test) => ({
      test,
      rank: rankOf(test.path.slice(test.context.config.rootDir.length + 1)),
      size: statSync(test.path).size,
    }));
    return placed.sort((a, b) => a.rank - b.rank || b.size - a.size).map(({ test }) => test);
  }

  /** For --onlyFailures, which needs times and failures of earlier runs. They are not kept. */
  allFailedTests(tests: readonly Test[]): Test[] {
    return [...tests];
  }

  cacheResults(): void {}
}
