import { pino } from 'pino';
import { at, startPack } from '../../../../test/estate/pack.ts';
import { extentHash, wholeExtent } from './extent.ts';
import { historyToNow } from './scans.ts';

describe('the history of scans', () => {
  const started = async () => {
    const pack = await startPack();
    const extent = await wholeExtent(pack.parts.estate);
    const check = () => pack.call('check_tag_compliance', { force_refresh: true });
    const points = () => historyToNow(pack.parts.scans, extent, 7);
    const wait = (minutes: number) => {
      pack.clock.now = new Date(pack.clock.now.getTime() + minutes * 60_000);
    };
    return { pack, check, points, wait };
  };

  it('ends with the newest scan, also when it read less than one before it that day, and says why', async () => {
    const { pack, check, points, wait } = await started();
    await check();
    wait(30);
    for (const region of await pack.parts.estate.regions()) pack.behaviour.throttledRegions.add(region);
    await check();
    const found = await points();
    expect(found.map((each) => each.dataQuality)).toEqual(['complete', 'failed']);
    expect(found[1]).toMatchObject({
      costGap: null,
      failure: expect.stringMatching(/^\d{12} .*rate is exceeded.* more\.$/),
    });
  });

  it('keeps the snapshot of what is recorded again without one, as when its costs are asked for another day', async () => {
    const { pack, wait } = await started();
    pack.clock.now = new Date('2026-11-20T23:50:00.000Z');
    await pack.call('check_tag_compliance', { store_snapshot: true });
    const hash = extentHash(await wholeExtent(pack.parts.estate));
    const tags = async () => {
      const stored = await pack.parts.scans.newestSnapshot(hash);
      return stored && (await pack.parts.scans.snapshot(stored))?.size;
    };
    const before = await tags();
    wait(20);
    expect(await pack.call('check_tag_compliance', {})).toMatchObject({ cached: false, snapshot_stored: false });
    expect(await pack.parts.scans.history(hash, 1)).toHaveLength(1);
    expect([before, await tags()]).toEqual([before, before]);
    expect(before).toBeGreaterThan(100);
  });

  it('finds snapshots from either end, and holds of each scan no more than its numbers', async () => {
    const { pack, check, wait } = await started();
    const { scans, estate } = pack.parts;
    const hash = extentHash(await wholeExtent(estate));
    expect([await scans.earliestSnapshot(hash, 7), await scans.latest(hash)]).toEqual([undefined, undefined]);
    const snapshot = () => pack.call('check_tag_compliance', { force_refresh: true, store_snapshot: true });
    await check();
    for (let times = 0; times < 2; times += 1) {
      wait(30);
      await snapshot();
    }
    wait(30);
    pack.behaviour.throttledRegions.add('us-east-1');
    await snapshot();
    const found = [await scans.earliestSnapshot(hash, 7), await scans.newestSnapshot(hash), await scans.latest(hash)];
    expect(found.map((scan) => [scan?.timestamp.slice(11, 16), scan?.quality])).toEqual([
      ['09:30', 'complete'],
      ['10:00', 'complete'],
      ['10:30', 'partial'],
    ]);
    expect((await scans.history(hash, 7)).filter((scan) => 'inventory' in scan || 'extent' in scan)).toEqual([]);
    expect(await scans.history(hash, 7)).toHaveLength(4);
  });

  it('keeps counts of more places than an item of DynamoDB takes, and tells them exactly', async () => {
    const { pack } = await started();
    const { scans, estate } = pack.parts;
    const whole = await wholeExtent(estate);
    const context = { signal: AbortSignal.timeout(30_000), log: pino({ level: 'silent' }), progress: async () => {} };
    const request = { extent: whole, named: new Set<never>() };
    const { scan } = await pack.pack.scanner.scan(request, { costs: false, fresh: true }, context);
    const inventory = Array.from(
      { length: 20_000 },
      (_, at): [string, string, 's3:bucket' | 'ec2:instance', number] => [
        String(100_000_000_000 + (at % 50)),
        `us-east-${at % 400}`,
        at % 2 === 0 ? 's3:bucket' : 'ec2:instance',
        at,
      ],
    );
    await scans.record({ ...scan, folded: { ...scan.folded, inventory } }, { snapshot: false });
    const [row] = (await pack.tables.query('scans', { partition: scan.extentHash })).items;
    expect(JSON.stringify(row).length).toBeLessThan(400_000);
    expect((await scans.newest(scan.extentHash))?.inventory).toEqual(inventory);
    expect((await scans.history(scan.extentHash, 1)).map(({ quality }) => quality)).toEqual(['complete']);
  });

  it('has one point a day again once a scan was complete', async () => {
    const { pack, check, points, wait } = await started();
    pack.behaviour.throttledRegions.add('us-east-1');
    const first = await check();
    expect(at(first, 'data_quality', 'status')).toBe('partial');
    wait(30);
    pack.behaviour.throttledRegions.clear();
    await check();
    const found = await points();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ dataQuality: 'complete' });
    expect(found[0]).not.toHaveProperty('failure');
  });
});
