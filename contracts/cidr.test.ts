import { cidrContains, isCanonical, isPrivate, overlaps, prefixLength } from './cidr.ts';

it.each([
  ['10.0.0.0/16', '10.0.255.0/24', true],
  ['10.0.0.0/16', '10.1.0.0/24', false],
  ['10.0.1.0/24', '10.0.0.0/16', false],
  ['172.31.0.0/16', '172.31.240.0/20', true],
  ['0.0.0.0/0', '255.255.255.255/32', true],
])('%s contains %s: %s', (outer, inner, answer) => {
  expect(cidrContains(outer, inner)).toBe(answer);
});

it.each([
  ['10.0.0.0/24', '10.0.1.0/24', false],
  ['10.0.0.0/23', '10.0.1.0/24', true],
  ['192.168.0.0/16', '192.168.255.255/32', true],
])('%s overlaps %s: %s, either way round', (one, other, answer) => {
  expect([overlaps(one, other), overlaps(other, one)]).toEqual([answer, answer]);
});

it.each([
  ['10.32.0.0/16', true],
  ['172.31.0.0/16', true],
  // What the market-data system gave two of its regions is public address space.
  ['172.32.0.0/16', false],
  ['172.33.0.0/16', false],
  ['192.168.4.0/22', true],
  ['10.0.0.0/7', false],
])('%s is private: %s', (cidr, answer) => {
  expect(isPrivate(cidr)).toBe(answer);
});

it('knows the first address of a block, and the length of its prefix', () => {
  expect([isCanonical('10.0.0.0/16'), isCanonical('10.0.0.1/16'), isCanonical('10.0.16.0/20')]).toEqual([
    true,
    false,
    true,
  ]);
  expect(prefixLength('10.0.0.0/20')).toBe(20);
});
