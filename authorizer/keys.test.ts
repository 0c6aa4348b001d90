import { timingSafeEqual } from 'node:crypto';
import { hashesToOneOf, isOneOf } from './keys.ts';

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

it('knows a value by its hash, compared in full', () => {
  compared.length = 0;
  const hashes = ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', '0'.repeat(64)];
  expect(['test', hashes[0] ?? '', ''].map((given) => hashesToOneOf(given, hashes, equal))).toEqual([
    true,
    false,
    false,
  ]);
  expect(compared).toEqual(Array(6).fill([32, 32]));
});
