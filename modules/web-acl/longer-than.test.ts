import { longerThan } from './longer-than.ts';

describe('the expression for a number above a limit', () => {
  it('is short where all digits are nines', () => {
    expect(longerThan(999_999)).toBe('^[0-9]{7,}$');
  });

  it.each([1024, 1_000_000, 9_999_999, 999_999, 65_536, 8191, 10_900])(
    'tells numbers above %d from others',
    (limit) => {
      const above = new RegExp(longerThan(limit));
      const near = [1, limit - 1001, limit - 1, limit, limit + 1, limit + 9, limit + 1001, limit * 2, limit * 10];
      expect(near.filter((number) => above.test(String(number)))).toEqual(near.filter((number) => number > limit));
    },
  );

  it('stays below what a web ACL takes', () => {
    expect(longerThan(1_111_111).length).toBeLessThan(512);
  });
});
