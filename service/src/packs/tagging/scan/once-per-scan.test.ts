import { oncePerScan } from './once-per-scan.ts';
import type { StoredScan } from './stored-scan.ts';

const scan = (over: Partial<StoredScan> = {}): StoredScan => ({
  ...{ scanId: 's1', extentHash: 'h', timestamp: '2026-11-20T06:00:00.000Z', policyVersion: '1', quality: 'complete' },
  ...{ score: 0.7, counts: { total: 3, compliant: 2 }, violationCount: 1, costGap: null, inventory: [], averages: [] },
  ...{ extent: { accounts: [], regions: [], types: [] }, chunks: 1 },
  ...over,
});

describe('what is worked out of stored scans', () => {
  const open = (most = 1) => {
    const once = oncePerScan<{ readonly turn: number }>(() => most);
    let turns = 0;
    const work = async () => {
      turns += 1;
      return { turn: turns };
    };
    return { once, work, turns: () => turns };
  };

  it('is worked out once, also for people who look at the same time', async () => {
    const { once, work, turns } = open();
    const seen = await Promise.all([once([scan(), '2.1'], work), once([scan(), '2.1'], work)]);
    expect([...seen, await once([scan(), '2.1'], work)]).toEqual([{ turn: 1 }, { turn: 1 }, { turn: 1 }]);
    expect(turns()).toBe(1);
  });

  it.each([
    ['another policy', [scan(), '2.2']],
    ['a newer scan', [scan({ timestamp: '2026-11-20T07:00:00.000Z' }), '2.1']],
    ['a scan of something else', [scan({ extentHash: 'other' }), '2.1']],
    ['a scan that keeps its tags only now', [scan({ scanId: 's2', chunks: 2 }), '2.1']],
    ['a pair of scans', [scan(), scan({ scanId: 's2' }), '2.1']],
  ] as const)('is worked out again for %s', async (_what, basis) => {
    const { once, work } = open();
    await once([scan(), '2.1'], work);
    expect(await once(basis, work)).toEqual({ turn: 2 });
  });

  it('is worked out again where it failed, came to nothing, or is more than is kept', async () => {
    const { once, work } = open();
    await expect(once([scan()], () => Promise.reject(new Error('the store is down')))).rejects.toThrow('the store');
    expect(await once([scan()], async () => undefined)).toBeUndefined();
    expect(await once([scan()], work)).toEqual({ turn: 1 });
    const large = open(50_000);
    await large.once([scan()], large.work);
    expect(await large.once([scan()], large.work)).toEqual({ turn: 2 });
  });
});
