import { globSync } from 'node:fs';
import { rankOf } from './test-sequencer.ts';

const cwd = new URL('..', import.meta.url).pathname;

it('starts the test that takes longest first, beside it nothing that starts servers, and ends with the shortest', () => {
  const tests = globSync('{authorizer,contracts,modules,proof,scripts,service}/**/*.test.ts', { cwd }).sort(
    (a, b) => rankOf(a) - rankOf(b),
  );
  expect(tests.length).toBeGreaterThan(400);
  expect(tests[0]).toBe('proof/platform/apply.test.ts');
  expect(rankOf('modules/network/network.test.ts')).toBeLessThan(rankOf('proof/platform/errors.test.ts'));
  expect(rankOf('contracts/cidr.test.ts')).toBeGreaterThan(rankOf('service/test/stories/story.test.ts'));
});
