import { z } from 'zod';
import { contextFor, startOfTests, startPack } from '../../../../test/estate/pack.ts';
import type { ResourceChange } from '../../../operations/plan.ts';
import { errorsOf } from '../policy/violations.ts';
import { generateEstate } from '../sandbox/generate.ts';
import { sandboxPolicy } from '../sandbox/policy.ts';
import { tagsOf } from './applied-changes.ts';

type Pack = Awaited<ReturnType<typeof startPack>>;
const policy = sandboxPolicy();
const ownerless = generateEstate(startOfTests).filter((each) => {
  const [only, ...more] = errorsOf(each.type, each.tags, policy);
  return each.state !== 'terminated' && only?.tagName === 'Owner' && only.currentValue === null && more.length === 0;
});
const arns = ownerless.map((each) => each.arn);
const tags = { Owner: 'platform@example.com' };

const Score = z.looseObject({ compliance_score: z.number() });
const Preview = z.looseObject({
  preview: z.looseObject({
    current_compliance: z.number(),
    projected_compliance: z.number(),
    based_on: z.object({ source: z.string(), scan_timestamp: z.string(), changed_since: z.number() }),
  }),
});

const minutes = (pack: Pack, count: number): void => {
  pack.clock.now = new Date(pack.clock.now.getTime() + count * 60_000);
};
const scan = async (pack: Pack) =>
  Score.parse(await pack.call('check_tag_compliance', { force_refresh: true })).compliance_score;
const preview = async (pack: Pack, resource_arns: string[]) =>
  Preview.parse(await pack.call('preview_bulk_tagging', { resource_arns, tags })).preview;
const plan = (pack: Pack, resource_arns: string[]) => {
  const tool = pack.change('bulk_tag_resources');
  return tool.plan(tool.input.parse({ resource_arns, tags }), contextFor());
};
const apply = async (pack: Pack, changes: readonly ResourceChange[]) => {
  minutes(pack, 1);
  await pack.change('bulk_tag_resources').apply(changes, contextFor());
};
const reverted = (pack: Pack, changes: readonly ResourceChange[]): ResourceChange[] =>
  changes.flatMap((change) => {
    const inverse = pack.change('bulk_tag_resources').revert(change);
    return 'irreversible' in inverse ? [] : [inverse];
  });

describe('numbers a decision is made by', () => {
  it('count what was applied since the scan, and then what was taken back', async () => {
    const pack = await startPack();
    const before = await scan(pack);
    const { changes } = await plan(pack, arns.slice(0, 12));
    await apply(pack, changes);
    const after = await preview(pack, arns.slice(12, 14));
    expect(after.based_on).toMatchObject({ source: 'scan', changed_since: 12 });
    expect(after.current_compliance).toBeGreaterThan(before);

    await apply(pack, reverted(pack, changes));
    const again = await preview(pack, arns.slice(0, 6));
    expect(again.current_compliance).toBe(before);
    expect(again.projected_compliance).toBeGreaterThan(before);
    expect(again.based_on).toMatchObject({ changed_since: 12, scan_timestamp: startOfTests.toISOString() });
  });

  it('are what a scan of now would say', async () => {
    const pack = await startPack();
    await scan(pack);
    await apply(pack, (await plan(pack, arns)).changes);
    const { current_compliance } = await preview(pack, arns.slice(0, 1));
    minutes(pack, 1);
    expect(await scan(pack)).toBe(current_compliance);
    expect((await preview(pack, arns.slice(0, 1))).based_on).toMatchObject({ changed_since: 0 });
  });

  it('say in the plan as of when they are, and what is counted beside the scan', async () => {
    const pack = await startPack();
    await scan(pack);
    await apply(pack, (await plan(pack, arns.slice(0, 3))).changes);
    const next = await plan(pack, arns.slice(3, 5));
    expect(next.impact.map(({ asOf }) => asOf)).toEqual(Array(3).fill(startOfTests.toISOString()));
    expect(next.warnings).toContain(
      `Compliance is that of the scan of ${startOfTests.toISOString()}, with 3 resources changed here since counted in.`,
    );
  });

  it('of a rollback are of now, not those of the operation turned round', async () => {
    const pack = await startPack();
    const before = await scan(pack);
    const { changes } = await plan(pack, arns.slice(0, 4));
    await apply(pack, changes);
    await apply(pack, (await plan(pack, arns.slice(4, 10))).changes);
    const judged = await pack.change('bulk_tag_resources').judge?.(reverted(pack, changes), contextFor(), {
      appliedAt: new Date().toISOString(),
    });
    const [, compliant] = judged?.impact ?? [];
    const total = generateEstate(startOfTests).filter((each) => each.state !== 'terminated').length;
    const first = Math.round(before * total);
    expect(compliant).toMatchObject({ label: 'Compliant resources', before: first + 10, after: first + 6 });
    expect(judged?.warnings).toContain(
      'New error on 4 resources: Owner would be missing_required_tag, because the policy requires it.',
    );
  });

  it('leave out what was not written, and what another policy judged', async () => {
    const pack = await startPack();
    await pack.parts.applied.keep(
      [{ arn: 'a', accountId: '1', region: 'r', type: 's3:bucket', was: false, is: true }],
      'another',
    );
    expect(await pack.parts.applied.since(startOfTests.toISOString(), policy.version)).toEqual([]);
    expect(await pack.parts.applied.since(startOfTests.toISOString(), 'another')).toHaveLength(1);
    pack.behaviour.throttledRegions.add('us-east-1').add('us-west-2').add('eu-west-1');
    const [one] = arns;
    const change = { resourceId: one ?? '', label: '', kind: 's3:bucket', accountId: '1', before: { Owner: null } };
    await pack.change('bulk_tag_resources').apply([{ ...change, after: tags }], contextFor());
    expect(await pack.parts.applied.since(startOfTests.toISOString(), policy.version)).toEqual([]);
  });
});

it('a change knows its tags on both sides', () => {
  const change = {
    resourceId: 'a',
    label: 'a',
    kind: 's3:bucket',
    accountId: '1',
    before: { Owner: null, Stage: 'dev' },
    after: { Owner: 'x', Stage: null },
    context: { Name: 'n' },
  };
  expect(tagsOf(change, 'before')).toEqual({ Name: 'n', Stage: 'dev' });
  expect(tagsOf(change, 'after')).toEqual({ Name: 'n', Owner: 'x' });
});
