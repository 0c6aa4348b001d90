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

/**
 * Beginnings of paths, in the order they run. The test that applies nine environments takes longest, and that of the kept stand-in
 * mostly waits; beside them run tests that no busy machine can disturb. Those with servers, browsers and waits come after them, the slowest
 * first. The many that take less than a second come last, so that all workers end together.
 */
const order = [
  'proof/platform/apply.test.ts',
  'proof/platform/served.test.ts',
  'modules/stacks/',
  'modules/',
  'scripts/',
  'proof/platform/errors.test.ts',
  'proof/platform/',
  'proof/',
  'service/test/attack/',
  'service/test/conformance/',
  'service/test/browser/',
  'service/test/faults/',
  'service/test/stores/',
  'service/test/estate/',
  'service/test/stories/',
  'service/src/',
  'contracts/',
  'authorizer/',
];

/** 0 for the first. @param path from the root of the repository */
export const rankOf = (path: string): number => {
  const rank = order.findIndex((start) => path.startsWith(start));
  return rank === -1 ? order.length : rank;
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
