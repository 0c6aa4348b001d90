import { at, contextFor, startPack } from '../../../../test/estate/pack.ts';
import { generateEstate } from '../sandbox/generate.ts';
import { seedHistory } from '../sandbox/history.ts';

const DAY = 86_400_000;

type Pack = Awaited<ReturnType<typeof startPack>>;
const later = (pack: Pack, days: number) => {
  pack.clock.now = new Date(pack.clock.now.getTime() + days * DAY);
};
const [changed, removed, deleted, added] = generateEstate(new Date('2026-11-20T09:00:00.000Z')).filter(
  ({ type, tags, state }) =>
    type === 'ec2:instance' && state === 'running' && tags.Owner !== undefined && tags.CostCenter !== undefined,
);
if (!changed || !removed || !deleted || !added) throw new Error('the sandbox has fewer instances');

/** A snapshot, a day, and then three people who write tags or end instances. */
const drifted = async (): Promise<Pack> => {
  const pack = await startPack();
  await pack.call('check_tag_compliance', { store_snapshot: true });
  later(pack, 1);
  await pack.resources.put({ ...changed, tags: { ...changed.tags, CostCenter: 'nobody' } });
  const { Owner: _, ...left } = removed.tags;
  await pack.resources.put({ ...removed, tags: left });
  await pack.resources.put({ ...deleted, state: 'terminated' });
  await pack.resources.put({ ...added, arn: `${added.arn}9`, id: `${added.id}9`, tags: {} });
  return pack;
};

describe('detect_tag_drift', () => {
  it('without a snapshot says so, and lists nothing', async () => {
    const { call } = await startPack();
    await call('check_tag_compliance', {});
    expect(await call('detect_tag_drift', {})).toMatchObject({
      status: 'no_baseline',
      note: expect.stringContaining('store_snapshot=true'),
      baseline_timestamp: null,
      total_drifts: 0,
      threshold_exceeded: false,
      resources_new: null,
      resources_deleted: null,
      drift_detected: [],
    });
  });

  it('compares with the earliest snapshot of the window, not with the newest', async () => {
    const pack = await drifted();
    await pack.call('check_tag_compliance', { store_snapshot: true, force_refresh: true });
    later(pack, 1);
    const found = await pack.call('detect_tag_drift', {});
    expect(found).toMatchObject({
      status: 'compared',
      baseline_timestamp: '2026-11-20T09:00:00.000Z',
      total_drifts: 2,
      drifts_by_severity: { critical: 1, warning: 1, info: 0 },
      resources_new: 1,
      resources_deleted: 1,
    });
    expect(at(found, 'drift_detected')).toMatchObject([
      { resource_arn: removed.arn, tag: 'Owner', drift_type: 'removed', new_value: null, severity: 'critical' },
      { resource_arn: changed.arn, tag: 'CostCenter', new_value: 'nobody', severity: 'warning' },
    ]);
    expect(await pack.call('detect_tag_drift', { lookback_days: 1 })).toMatchObject({ total_drifts: 0 });
  });

  it.each([
    [2, true],
    [3, false],
  ])('a threshold of %i is exceeded by two drifts: %s', async (threshold, exceeded) => {
    const { call } = await drifted();
    expect(await call('detect_tag_drift', { threshold, force_refresh: true })).toMatchObject({
      threshold_exceeded: exceeded,
    });
  });

  it('of a part of the estate compares with the same part of a wider snapshot', async () => {
    const { call } = await drifted();
    const part = {
      regions: [removed.region],
      resource_types: ['ec2:instance'],
      accounts: [removed.accountId],
      force_refresh: true,
    };
    const found = await call('detect_tag_drift', part);
    expect(found).toMatchObject({ status: 'compared', resources_new: expect.any(Number), multi_account: true });
    expect(at(found, 'drift_detected', 0, 'resource_arn')).toBe(removed.arn);
    expect(await call('detect_tag_drift', { resource_types: ['rds:db'] })).toMatchObject({
      total_drifts: 0,
      resources_new: 0,
      resources_deleted: 0,
    });
  });

  it('a partial scan is no baseline, and what it cannot read now is not deleted', async () => {
    const pack = await startPack();
    pack.behaviour.throttledRegions.add('us-east-1');
    await pack.call('check_tag_compliance', { store_snapshot: true });
    pack.behaviour.throttledRegions.clear();
    expect(await pack.call('detect_tag_drift', {})).toMatchObject({ status: 'no_baseline' });
    await pack.call('check_tag_compliance', { store_snapshot: true, force_refresh: true });
    later(pack, 1);
    pack.behaviour.throttledRegions.add('us-east-1');
    expect(
      await pack.call('detect_tag_drift', { resource_types: ['ec2:instance'], force_refresh: true }),
    ).toMatchObject({
      data_quality: { status: 'partial' },
      resources_deleted: 0,
    });
  });

  it('finds believable drift in a new sandbox, with who changed it and when', async () => {
    const pack = await startPack();
    await seedHistory(pack.parts, contextFor());
    const found = await pack.call('detect_tag_drift', { limit: 100 });
    const drifts = at(found, 'drift_detected') as { changed_by: string | null; changed_at: string | null }[];
    expect(at(found, 'drifts_by_severity', 'critical')).toBeGreaterThan(0);
    expect(at(found, 'drifts_by_severity', 'warning')).toBeGreaterThan(0);
    expect(found).toMatchObject({ threshold_exceeded: true, resources_deleted: 1 });
    for (const { changed_by, changed_at } of drifts) {
      expect(changed_by).toMatch(/^arn:aws:sts::\d{12}:assumed-role\//);
      expect(String(changed_at) > String(at(found, 'baseline_timestamp'))).toBe(true);
    }
  });

  it('makes nobody up for what was written through this service', async () => {
    const pack = await startPack();
    await seedHistory(pack.parts, contextFor());
    const first = await pack.call('detect_tag_drift', {});
    const arn = String(at(first, 'drift_detected', 0, 'resource_arn'));
    await pack.parts.estate.tag([arn], { Owner: 'new@example.com', CostCenter: 'Data' }, contextFor());
    later(pack, 0.1);
    const found = await pack.call('detect_tag_drift', {
      tag_keys: ['Owner', 'CostCenter'],
      limit: 100,
      force_refresh: true,
    });
    const drifts = at(found, 'drift_detected') as { resource_arn: string; changed_by: string | null }[];
    const written = drifts.filter((each) => each.resource_arn === arn).map((each) => each.changed_by);
    expect(new Set(written)).toEqual(new Set([null]));
  });
});
