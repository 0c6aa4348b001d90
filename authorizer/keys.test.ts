import { timingSafeEqual } from 'node:crypto';
import { isOneOf } from './keys.ts';

const compared: number[][] = [];
const equal: typeof timingSafeEqual = (one, other) => {
  compared.push([one.byteLength, other.byteLength]);
  return timingSafeEqual(one, other);
};

// What a test can see of constant time: the comparison that is made for it, on digests, as often for any key.
it.each([
  ['the current key', true],
  ['the previous key', true],
  ['t', false],
  ['', false],
  ['another key that is a good deal longer than either of the two', false],
])('compares the digest of %j with both keys', (given, expected) => {
  compared.length = 0;
  expect(isOneOf(given, { current: 'the current key', previous: 'the previous key' }, equal)).toBe(expected);
  expect(compared).toEqual([
    [32, 32],
    [32, 32],
  ]);
});

it('does the same work when there is one key only', () => {
  compared.length = 0;
  expect(['the key', 'undefined'].map((given) => isOneOf(given, { current: 'the key' }, equal))).toEqual([true, false]);
  expect(compared).toHaveLength(4);
});
