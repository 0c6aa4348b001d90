import { readdirSync } from 'node:fs';
import { rankOf } from './test-sequencer.ts';

const rootDir = new URL('..', import.meta.url).pathname;

it('starts the test that takes longest first', () => {
  const tests = readdirSync(rootDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !/node_modules|cdktf.out/.test(path))
    .sort((a, b) => rankOf(a) - rankOf(b));
  expect(tests[0]).toBe('proof/platform/apply.test.ts');
  // Beside it nothing that starts servers.
  expect(rankOf('contracts/cidr.test.ts')).toBeLessThan(rankOf('service/test/stories/story.test.ts'));
  expect(rankOf('modules/network/network.test.ts')).toBeLessThan(rankOf('proof/platform/errors.test.ts'));
});
