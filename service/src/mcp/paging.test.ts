import { pageOf } from './paging.ts';

const items = Array.from({ length: 7 }, (_, at) => ({ cost: at % 3, arn: `arn-${at}` }));
const rank = (item: { cost: number; arn: string }) => [-item.cost, item.arn];

describe('pages', () => {
  it('together hold every entry once, in order', () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = pageOf(items, rank, (item) => item, { limit: 2, cursor });
      seen.push(...page.items.map((item) => item.arn));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(['arn-2', 'arn-5', 'arn-1', 'arn-4', 'arn-0', 'arn-3', 'arn-6']);
  });

  it('go on at the right place when entries before it disappeared', () => {
    const { next_cursor: cursor } = pageOf(items, rank, (item) => item, { limit: 3 });
    const fewer = items.filter((item) => item.arn !== 'arn-2');
    expect(pageOf(fewer, rank, (item) => item, { limit: 1, cursor }).items).toEqual([{ cost: 1, arn: 'arn-4' }]);
  });

  it('end without a cursor, and refuse a foreign one', () => {
    expect(pageOf(items, rank, (item) => item, { limit: 7 }).next_cursor).toBeUndefined();
    for (const cursor of ['x', Buffer.from('{"a":1}').toString('base64url')])
      expect(() => pageOf(items, rank, (item) => item, { limit: 7, cursor })).toThrow(
        'cursor: is not one this tool gave',
      );
  });

  it('end early where entries are long, but never without one', () => {
    const long = (item: { arn: string }) => item.arn + 'x'.repeat(40_000);
    expect(pageOf(items, rank, long, { limit: 50 }).items).toHaveLength(2);
    const longish = (item: { arn: string }) => item.arn + 'x'.repeat(3000);
    expect(pageOf(items, rank, longish, { limit: 20 }).items).toHaveLength(2);
    expect(pageOf(items, rank, longish, { limit: 21 }).items).toHaveLength(7);
    const huge = (item: { arn: string }) => item.arn + 'x'.repeat(400_000);
    const { items: one, next_cursor: cursor } = pageOf(items, rank, huge, { limit: 7 });
    expect(one).toHaveLength(1);
    expect(pageOf(items, rank, (item) => item.arn, { limit: 7, cursor }).items).toHaveLength(6);
  });
});
