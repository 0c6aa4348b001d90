import { contextFor, startPack } from '../../../../test/estate/pack.ts';
import { extentHash, wholeExtent } from '../scan/extent.ts';
import { historyToNow } from '../scan/scans.ts';
import { seedHistory } from './history.ts';

const start = async () => {
  const pack = await startPack();
  await seedHistory(pack.parts, contextFor());
  return { ...pack, extent: await wholeExtent(pack.parts.estate) };
};

describe('the history of the sandbox', () => {
  it('is eight weeks of scans that got better, with a setback, and says it is the sandbox’s own', async () => {
    const { parts, extent } = await start();
    const points = await historyToNow(parts.scans, extent, 60);
    const scores = points.map((point) => point.score ?? 0);
    expect(points).toHaveLength(55);
    expect(points.map((point) => point.timestamp)).toEqual(points.map((point) => point.timestamp).sort());
    expect((scores.at(-1) ?? 0) - (scores[0] ?? 1)).toBeGreaterThan(0.1);
    expect(scores.some((score, at) => at > 0 && score < (scores[at - 1] ?? 0))).toBe(true);
    const stored = await parts.scans.history(extentHash(extent), 60);
    expect(stored.every((scan) => scan.sandbox === true)).toBe(true);
  });

  it('is made once', async () => {
    const { parts, extent, clock } = await start();
    clock.now = new Date(clock.now.getTime() + 3 * 86_400_000);
    await seedHistory(parts, contextFor());
    expect(await parts.scans.history(extentHash(extent), 60)).toHaveLength(55);
  });

  it('goes on with real scans: the newest complete one of a day, and after it a lesser one', async () => {
    const { parts, extent, call, behaviour, clock } = await start();
    await call('check_tag_compliance', {});
    clock.now = new Date(clock.now.getTime() + 60_000);
    behaviour.throttledRegions.add('us-east-1');
    await call('check_tag_compliance', { force_refresh: true });
    const [today, lesser] = (await historyToNow(parts.scans, extent, 60)).slice(-2);
    expect(today).toMatchObject({
      timestamp: '2026-11-20T09:00:00.000Z',
      dataQuality: 'complete',
      totalResources: 450,
    });
    expect(lesser).toMatchObject({ timestamp: '2026-11-20T09:01:00.000Z', dataQuality: 'partial' });
    const newest = await parts.scans.newest(extentHash(extent));
    expect(newest).toMatchObject({ timestamp: '2026-11-20T09:00:00.000Z', chunks: 0 });
    expect(newest?.sandbox).toBeUndefined();
  });

  it('does not mix extents', async () => {
    const { parts, extent, call } = await start();
    await call('check_tag_compliance', { accounts: ['123456789012'] });
    const points = await historyToNow(parts.scans, extent, 60);
    expect(points).toHaveLength(55);
    const one = await historyToNow(parts.scans, { ...extent, accounts: ['123456789012'] }, 60);
    expect(one).toHaveLength(1);
  });

  it('gives preview something to start from before anybody scanned, and size to estimates', async () => {
    const { call, parts, extent, resources } = await start();
    const [first] = await resources.ofAccount('123456789012');
    const preview = await call('preview_bulk_tagging', {
      resource_arns: [first?.arn],
      tags: { Owner: 'a@example.com' },
    });
    expect(preview).toMatchObject({ preview: { based_on: { source: 'scan' } } });
    expect(await parts.scans.size({ ...extent, types: ['s3:bucket'] }, extent)).toEqual({ resources: 64, known: true });
  });
});
