import { backoff } from './tagging-api.ts';

describe('the wait between tries', () => {
  it('is anything up to an exponential bound, and never above ten seconds', () => {
    expect([0, 1, 2, 3].map((attempt) => backoff(attempt, () => 0.999))).toEqual([199, 399, 799, 1598]);
    expect(backoff(30, () => 0.999)).toBe(9990);
    expect(backoff(30, () => 0)).toBe(0);
  });
});
