import { contextFor, startPack } from '../../../../test/estate/pack.ts';
import { extentHash, wholeExtent } from './extent.ts';
import { scanAsPack } from './own-scan.ts';

describe('a scan without a caller', () => {
  const { signal, log } = contextFor();

  it('reads anew, costs included, and stands in the history', async () => {
    const { pack, parts } = await startPack();
    const { scan, recorded } = await scanAsPack(pack, {}, { signal, log, snapshot: true });
    expect([scan.quality, scan.costQuality, recorded]).toEqual(['complete', 'complete', true]);
    const [first, ...others] = await parts.scans.history(extentHash(await wholeExtent(parts.estate)), 1);
    expect(first).toMatchObject({ scanId: scan.scanId, quality: 'complete', chunks: 1 });
    expect(others).toEqual([]);
  });

  it('of what somebody read just now is not kept twice', async () => {
    const { pack, parts } = await startPack();
    await scanAsPack(pack, {}, { signal, log });
    const { recorded } = await scanAsPack(pack, {}, { signal, log, fresh: false });
    expect(recorded).toBe(false);
    expect(await parts.scans.history(extentHash(await wholeExtent(parts.estate)), 1)).toHaveLength(1);
  });

  it('takes what was read since a time, and reads the rest again', async () => {
    const { pack, clock } = await startPack();
    const first = await scanAsPack(pack, {}, { signal, log });
    clock.now = new Date(clock.now.getTime() + 600_000);
    const earlier = await scanAsPack(pack, {}, { signal, log, since: first.scan.timestamp });
    const later = await scanAsPack(pack, {}, { signal, log, since: clock.now.toISOString() });
    expect([earlier.recorded, later.recorded]).toEqual([false, true]);
    expect([earlier.scan.timestamp, later.scan.timestamp]).toEqual([first.scan.timestamp, clock.now.toISOString()]);
  });

  it('is refused what the operator did not enable', async () => {
    const { pack } = await startPack();
    await expect(scanAsPack(pack, { regions: ['mars-1'] }, { signal, log })).rejects.toThrow('is not enabled here');
  });
});
