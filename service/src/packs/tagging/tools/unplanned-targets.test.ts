import { at, contextFor, startPack } from '../../../../test/estate/pack.ts';
import type { ResourceChange } from '../../../operations/plan.ts';
import type { Estate, Failure, Resource } from '../estate/estate.ts';

const tags = { Owner: 'team@example.com' };
const oldArn = 'arn:aws:ecs:us-east-1:123456789012:service/api';

/** A pack whose estate fails to read some ARNs, and the ARNs it was asked to read. */
const rig = async (fails: (resource: Resource) => boolean, failure: Partial<Failure> = {}) => {
  const inner = await startPack();
  const asked: string[] = [];
  const lost = new Set<string>();
  const all: Resource[] = [...(await inner.resources.ofAccount('123456789012'))];
  for (const each of all) if (fails(each)) lost.add(each.arn);
  const estate: Estate = {
    ...inner.parts.estate,
    read: async (arns, context) => {
      asked.push(...arns);
      const found = new Map(await inner.parts.estate.read(arns, context));
      for (const arn of arns)
        if (lost.has(arn))
          found.set(arn, { accountId: '123456789012', code: 'access_denied', message: 's3 refused.', ...failure });
      return found;
    },
  };
  const pack = await startPack({ services: { estate } });
  return { ...pack, all, asked, lost, inner };
};
const plan = async ({ change }: Awaited<ReturnType<typeof rig>>, resource_arns: readonly string[]) => {
  const tool = change('bulk_tag_resources');
  const made = await tool.plan(tool.input.parse({ resource_arns, tags }), contextFor());
  return { tool, made };
};
const faultsOf = (changes: readonly ResourceChange[]) =>
  changes.filter((each) => each.wouldFail !== undefined).map((each) => [each.resourceId, each.wouldFail]);

describe('one bucket of nine that cannot be read', () => {
  const nine = async () => {
    const names = new Set<string>();
    const pack = await rig((resource) => names.has(resource.arn));
    const buckets = pack.all.filter((each) => each.type === 's3:bucket' && each.tags.Owner !== tags.Owner).slice(0, 9);
    const [bad] = buckets;
    if (bad === undefined) throw new Error('no buckets');
    pack.lost.add(bad.arn);
    return { pack, bad, arns: buckets.map((each) => each.arn) };
  };

  it('is named by the preview, which shows the others', async () => {
    const { pack, bad, arns } = await nine();
    const { preview } = Object(await pack.call('preview_bulk_tagging', { resource_arns: arns, tags }));
    expect(preview).toMatchObject({ resources_expected_to_fail: 1, resources_affected: arns.length - 1 });
    const named = preview.resources.filter((each: { would_fail?: string }) => each.would_fail !== undefined);
    expect(named).toMatchObject([{ arn: bad.arn, would_fail: 'unreadable', remedy: 's3 refused.' }]);
  });

  it('is named by the plan, left alone when it is applied, and the others are written', async () => {
    const { pack, bad, arns } = await nine();
    const { tool, made } = await plan(pack, arns);
    expect(faultsOf(made.changes)).toEqual([[bad.arn, 'unreadable']]);
    expect(made.warnings).toContain(`Left alone: "${bad.id}". s3 refused.`);
    // Whether it can be read by then is all the same: it was not planned.
    for (const readable of [false, true]) {
      if (readable) pack.lost.clear();
      const now = await tool.read(made.changes, contextFor());
      expect(made.changes.map((each) => now.get(each.resourceId))).toEqual(made.changes.map((each) => each.before));
    }
    const outcomes = await tool.apply(made.changes, contextFor());
    expect(outcomes.filter((each) => each.outcome !== 'applied').map((each) => each.resourceId)).toEqual([bad.arn]);
  });

  it('refuses the change when it was planned and cannot be read again, by name', async () => {
    const { pack, bad, arns } = await nine();
    pack.lost.clear();
    const { tool, made } = await plan(pack, arns);
    pack.lost.add(bad.arn);
    await expect(tool.read(made.changes, contextFor())).rejects.toMatchObject({
      code: 'upstream_error',
      details: { resources: [bad.arn] },
    });
  });

  it('and nothing is planned when none can be read', async () => {
    const pack = await rig((resource) => resource.type === 's3:bucket', { code: 'throttled' });
    const arns = [...pack.lost].slice(0, 3);
    await expect(plan(pack, arns)).rejects.toMatchObject({ code: 'throttled', details: { resources: arns } });
  });
});

describe('an ECS service by an ARN without a cluster', () => {
  const started = async () => {
    const pack = await rig(() => false);
    const service = pack.all.find((each) => each.type === 'ecs:service' && each.tags.Owner !== tags.Owner);
    if (service === undefined) throw new Error('no service');
    return { pack, service };
  };

  it('fails with its own fault and remedy, in the preview', async () => {
    const { pack } = await started();
    const answer = await pack.call('preview_bulk_tagging', { resource_arns: [oldArn], tags });
    expect(at(answer, 'preview', 'resources', 0)).toMatchObject({
      would_fail: 'old_arn_format',
      remedy: expect.stringContaining('serviceLongArnFormat'),
    });
    expect(pack.asked).not.toContain(oldArn);
  });

  it('fails in the plan, which says what to do, and the others are planned', async () => {
    const { pack, service } = await started();
    const { tool, made } = await plan(pack, [oldArn, service.arn]);
    expect(faultsOf(made.changes)).toEqual([[oldArn, 'old_arn_format']]);
    expect(made.warnings.join(' ')).toContain('serviceLongArnFormat');
    expect(made.cost.apiCalls).toBe(1);
    const now = await tool.read(made.changes, contextFor());
    expect(made.changes.every((each) => now.has(each.resourceId))).toBe(true);
    await expect(plan(pack, [oldArn])).rejects.toThrow(/1 old_arn_format.*serviceLongArnFormat/);
  });
});

describe('a bucket, whose every tag is rewritten', () => {
  const bucketPlan = async () => {
    const pack = await rig(() => false);
    const found = pack.all.find((each) => each.type === 's3:bucket' && Object.keys(each.tags).length > 1);
    if (found === undefined) throw new Error('no bucket');
    const stored = await pack.inner.resources.find(found.arn);
    if (stored === undefined) throw new Error('no bucket');
    const bucket = { ...stored, tags: { Team: 'data', Backup: 'daily', 'aws:cloudformation:stack-name': 'site' } };
    await pack.inner.resources.put(bucket);
    return { pack, bucket, ...(await plan(pack, [bucket.arn])) };
  };

  it('is planned on all of its tags, AWS’s own left out', async () => {
    const { made } = await bucketPlan();
    expect(made.changes[0]).toMatchObject({
      before: { Team: 'data', Backup: 'daily', Owner: null },
      after: { Team: 'data', Backup: 'daily', Owner: tags.Owner },
      context: { 'aws:cloudformation:stack-name': 'site' },
    });
    expect(Object.keys(made.changes[0]?.before ?? {})).toHaveLength(3);
  });

  it('has moved when another of its tags did', async () => {
    const { pack, bucket, tool, made } = await bucketPlan();
    await pack.inner.resources.put({ ...bucket, tags: { ...bucket.tags, Backup: 'weekly' } });
    expect((await tool.read(made.changes, contextFor())).get(bucket.arn)).not.toEqual(made.changes[0]?.before);
  });

  it('reads back as planned after it was written, and gets back what a rewrite lost', async () => {
    const { pack, bucket, tool, made } = await bucketPlan();
    await tool.apply(made.changes, contextFor());
    expect((await tool.read(made.changes, contextFor())).get(bucket.arn)).toEqual(made.changes[0]?.after);
    const [change] = made.changes;
    if (change === undefined) throw new Error('no change');
    // Somebody's rewrite lost a tag; the way back restores the whole set.
    const inverse = tool.revert({ ...change, after: { Owner: tags.Owner, Team: 'data', Backup: null } });
    if ('irreversible' in inverse) throw new Error('irreversible');
    await pack.inner.resources.put({ ...bucket, tags: { Team: 'data', ...tags } });
    await tool.apply([inverse], contextFor());
    expect((await pack.inner.resources.find(bucket.arn))?.tags).toEqual({ Team: 'data', Backup: 'daily' });
  });
});
