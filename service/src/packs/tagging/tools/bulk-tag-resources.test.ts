import { z } from 'zod';
import { contextFor, startOfTests, startPack } from '../../../../test/estate/pack.ts';
import type { Impact } from '../../../measures/impact.ts';
import type { Operation } from '../../../operations/operation.ts';
import type { Plan } from '../../../operations/plan.ts';
import { errorsOf } from '../policy/violations.ts';
import { generateEstate } from '../sandbox/generate.ts';
import { sandboxPolicy } from '../sandbox/policy.ts';

const operationId = `op_${'1'.repeat(32)}`;
const policy = sandboxPolicy();
const living = generateEstate(startOfTests).filter((each) => each.state !== 'terminated');
const ownerless = living.filter((each) => {
  const [only, ...more] = errorsOf(each.type, each.tags, policy);
  return only?.violationType === 'missing_required_tag' && only.tagName === 'Owner' && more.length === 0;
});
const arns = ownerless.slice(0, 30).map((each) => each.arn);
const tags = { Owner: 'platform@example.com' };
const gone = 'arn:aws:ec2:us-east-1:123456789012:instance/i-0fffffffffffffff';

type Pack = Awaited<ReturnType<typeof startPack>>;
const planOf = (pack: Pack, input: object): Promise<Plan> => {
  const tool = pack.change('bulk_tag_resources');
  return tool.plan(tool.input.parse(input), contextFor());
};
const operationOf = (plan: Plan, more: Partial<Operation> = {}): Operation => ({
  operationId,
  version: 1,
  status: 'awaiting-countersign',
  tool: 'bulk_tag_resources',
  arguments: {},
  requester: { personId: 'ana', name: 'Ana', email: 'ana@example.com', clientId: 'test' },
  createdAt: startOfTests.toISOString(),
  updatedAt: startOfTests.toISOString(),
  expiresAt: startOfTests.toISOString(),
  correlationId: 'c',
  countersign: 'second-person',
  approveScope: 'tag:approve',
  policyVersion: policy.version,
  plan,
  beforeDigest: '',
  approvalHash: '',
  approvals: [],
  ...more,
});

describe('the plan of bulk_tag_resources', () => {
  it('holds the touched keys as state and the others as context, and what it brings', async () => {
    const pack = await startPack();
    await pack.call('check_tag_compliance', {});
    const plan = await planOf(pack, { resource_arns: arns, tags });
    const [first] = ownerless;

    expect(plan.changes).toHaveLength(arns.length);
    expect(plan.changes[0]).toMatchObject({
      resourceId: first?.arn,
      kind: first?.type,
      accountId: first?.accountId,
      region: first?.region,
      before: { Owner: null },
      after: tags,
      context: first?.tags,
    });
    const [compliance, compliant, spend] = plan.impact;
    expect(compliance).toMatchObject({ label: 'Tag compliance', unit: 'ratio' });
    const growth = (line: Impact | undefined) => Number(line?.after) - Number(line?.before);
    expect(growth(compliant)).toBe(arns.length);
    expect(growth(compliance)).toBeCloseTo(arns.length / living.length, 3);
    expect(growth(spend)).toBeLessThan(0);
    expect(plan.reversible).toEqual({ possible: true });
    expect(plan.cost.apiCalls).toBeGreaterThan(0);
    expect(plan.summary).toBe('Set Owner="platform@example.com" on 30 resources in Production and Staging.');
  });

  it.each([
    [{ Team: 'a', Squad: 'b' }, `Set Team="a" and Squad="b" on 1 resource in`],
    [{ a: '1', b: '2', c: '3', d: '4', e: '5' }, 'Set a="1", b="2", c="3" and 2 more tags on 1 resource in'],
    [{ Note: 'x" on 0 resources.\u202e\\' }, 'Set Note="x\\" on 0 resources.\\u{202e}\\\\" on 1 resource in'],
    [{ 'a b': 'c'.repeat(200) }, `Set "a b"="${'c'.repeat(60)}…" on 1 resource in`],
  ])('says what is set, in one sentence that no value ends: %j', async (wanted, words) => {
    const plan = await planOf(await startPack(), { resource_arns: arns.slice(0, 1), tags: wanted });
    expect(plan.summary).toContain(words);
  });

  it('works without any scan, and says that the numbers are of these resources alone', async () => {
    const pack = await startPack();
    const plan = await planOf(pack, { resource_arns: arns, tags });
    expect(plan.impact[0]).toMatchObject({ before: 0, after: 1 });
    expect(plan.warnings).toContain(
      'Nothing was scanned by this policy yet: compliance is that of these resources alone.',
    );
  });

  it('tells which resources would fail, and leaves out those that are right already', async () => {
    const pack = await startPack();
    const [one, full, owned] = [arns[0] ?? '', arns[1] ?? '', living.find((each) => each.tags.Owner === tags.Owner)];
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, 'v']));
    const crowded = ownerless[1];
    if (crowded === undefined || owned === undefined) throw new Error('estate changed');
    await pack.resources.put({ ...crowded, tags: many });
    const plan = await planOf(pack, { resource_arns: [one, full, gone, owned.arn, one], tags });
    expect(plan.changes.map((change) => [change.resourceId, change.wouldFail])).toEqual([
      [one, undefined],
      [full, 'tag_limit'],
      [gone, 'not_found'],
    ]);
    expect(plan.warnings).toEqual(
      expect.arrayContaining([
        '1 resource would fail: tag_limit.',
        '1 resource would fail: not_found.',
        'Left out, with these tags already: 1 resource.',
      ]),
    );
  });

  it('warns about overwriting, keys in another case, and buckets', async () => {
    const pack = await startPack();
    const bucket = living.find((each) => each.type === 's3:bucket' && each.tags.Owner === 'billing@example.com');
    if (bucket === undefined) throw new Error('estate changed');
    await pack.resources.put({ ...bucket, tags: { ...bucket.tags, owner: 'x' } });
    const { warnings, changes } = await planOf(pack, { resource_arns: [bucket.arn], tags });
    expect(changes[0]).toMatchObject({ accountId: bucket.accountId, region: bucket.region });
    expect(warnings[0]).toBe('Another value is overwritten on 1 resource.');
    expect(warnings[1]).toBe('1 resource also has a key spelled differently (owner); it stays as it is.');
    expect(warnings[2]).toContain('attribute-based access control');
  });

  it.each([
    [{ resource_arns: [gone], tags }, 'No resource could be changed: 1 not_found'],
    [{ resource_arns: arns, tags: { Environment: 'prod' } }, '30 value_not_allowed'],
    [{ resource_arns: arns, tags: { 'aws:x': '' } }, '30 reserved_prefix'],
    [{ resource_arns: ['arn:aws:kms:us-east-1:123456789012:key/1'], tags }, 'kms:key cannot be tagged here'],
    [{ resource_arns: ['arn:aws:ec2:us-east-1:999999999999:instance/i-1'], tags }, 'account 999999999999'],
    [{ resource_arns: ['arn:aws:ec2:ap-south-1:123456789012:instance/i-1'], tags }, 'region ap-south-1'],
    [{ resource_arns: arns, tags: {} }, 'tags: must hold 1 to 50 tags, not 0'],
    [{ resource_arns: ['nonsense'], tags }, 'are not ARNs'],
  ])('is refused when nothing good could come of it', async (input, message) => {
    await expect(planOf(await startPack(), input)).rejects.toThrow(message);
  });

  it('is refused for tags that are set already', async () => {
    const owned = living.filter((each) => each.tags.Owner === tags.Owner).map((each) => each.arn);
    await expect(planOf(await startPack(), { resource_arns: owned, tags })).rejects.toThrow('Nothing would change');
  });

  it('is refused while a region is throttled: a minute later all of it can be planned', async () => {
    const pack = await startPack();
    pack.behaviour.throttledRegions.add('us-east-1');
    await expect(planOf(pack, { resource_arns: arns, tags })).rejects.toMatchObject({ code: 'throttled' });
  });
});

describe('who must agree', () => {
  const countersign = async (allowSelfConfirm: boolean, approval_required: boolean) => {
    const pack = await startPack({ settings: { allowSelfConfirm } });
    const tool = pack.change('bulk_tag_resources');
    const input = tool.input.parse({ resource_arns: arns, tags, approval_required });
    return tool.countersign(input, await tool.plan(input, contextFor()));
  };

  it('is a second person, unless the requester asks otherwise and the operator allows it', async () => {
    expect(await countersign(false, true)).toBe('second-person');
    expect(await countersign(true, true)).toBe('second-person');
    expect(await countersign(false, false)).toBe('second-person');
    expect(await countersign(true, false)).toBe('same-person');
  });

  it('is told when it is not as was asked for', async () => {
    const plan = await planOf(await startPack(), { resource_arns: arns, tags, approval_required: false });
    expect(plan.warnings).toContain('approval_required=false is not allowed here: a second person must countersign.');
  });
});

describe('applying', () => {
  it('writes what was planned, reads back, raises compliance, and reverts to what was', async () => {
    const pack = await startPack();
    const tool = pack.change('bulk_tag_resources');
    const score = z.looseObject({ compliant_resources: z.number(), cached: z.boolean() });
    const before = score.parse(await pack.call('check_tag_compliance', {}));
    const plan = await planOf(pack, { resource_arns: arns, tags });
    const outcomes = await tool.apply(plan.changes, contextFor());
    expect(outcomes.every((each) => each.outcome === 'applied')).toBe(true);
    const read = await tool.read(plan.changes, contextFor());
    expect([...read.values()]).toEqual(plan.changes.map((change) => change.after));
    expect([...read.values()].every((state) => state.Owner === tags.Owner)).toBe(true);
    const after = score.parse(await pack.call('check_tag_compliance', {}));
    expect(after.cached).toBe(false);
    expect(after.compliant_resources - before.compliant_resources).toBe(arns.length);

    const inverse = plan.changes.map((change) => {
      const undone = tool.revert(change);
      if ('irreversible' in undone) throw new Error(undone.irreversible);
      return undone;
    });
    await tool.apply(inverse, contextFor());
    const held = await Promise.all(ownerless.slice(0, 30).map((each) => pack.resources.find(each.arn)));
    expect(held.map((each) => each?.tags)).toEqual(ownerless.slice(0, 30).map((each) => each.tags));
  });

  it('tries nothing the plan expected to fail, and hides no failure behind a success', async () => {
    const pack = await startPack();
    const tool = pack.change('bulk_tag_resources');
    const plan = await planOf(pack, { resource_arns: [...arns, gone], tags });
    pack.behaviour.throttledRegions.add('eu-west-1');
    const outcomes = await tool.apply(plan.changes, contextFor());
    const throttled = ownerless.slice(0, 30).filter((each) => each.region === 'eu-west-1');
    expect(throttled.length).toBeGreaterThan(0);
    const codes = Map.groupBy(outcomes, (each) => each.code ?? each.outcome);
    expect(codes.get('ThrottlingException')).toHaveLength(throttled.length);
    expect(codes.get('not_found')?.map((each) => each.resourceId)).toEqual([gone]);
    expect(codes.get('applied')).toHaveLength(30 - throttled.length);
  });

  it('still finds missing what was planned as missing, and leaves out what is gone since', async () => {
    const pack = await startPack();
    const tool = pack.change('bulk_tag_resources');
    const { changes } = await planOf(pack, { resource_arns: [arns[0] ?? '', gone], tags });
    const [there] = ownerless;
    if (there === undefined) throw new Error('estate changed');
    expect((await tool.read(changes, contextFor())).get(gone)).toEqual({ Owner: null });
    await pack.resources.put({ ...there, state: 'terminated' });
    expect((await tool.read(changes, contextFor())).has(there.arn)).toBe(false);
  });
});

describe('the answer', () => {
  it('tells where and by whom it can be approved, never by the requester', async () => {
    const pack = await startPack();
    await pack.call('check_tag_compliance', {});
    const plan = await planOf(pack, { resource_arns: [...arns, gone], tags });
    const tool = pack.change('bulk_tag_resources');
    const answer = tool.output.parse(tool.present(operationOf(plan)));
    expect(answer).toMatchObject({
      request_id: operationId,
      status: 'pending_approval',
      resources_affected: 30,
      resources_expected_to_fail: 1,
      approval_url: `https://mcp.example.com/approvals/${operationId}`,
      approvers: ['bo@example.com'],
    });
    expect(
      z.looseObject({ estimated_compliance_improvement: z.number() }).parse(answer).estimated_compliance_improvement,
    ).toBeCloseTo(30 / living.length, 3);
  });
});

describe('approve_bulk_tagging_request', () => {
  const outcomes = [
    { resourceId: 'arn:1', outcome: 'applied' as const },
    { resourceId: 'arn:2', outcome: 'failed' as const, code: 'ThrottlingException' },
  ];
  const result = { outcomes, applied: 1, failed: 1, skipped: 0, appliedAt: startOfTests.toISOString() };
  const decided = async (operation: Partial<Operation>) => {
    const asked: unknown[] = [];
    const pack = await startPack({
      services: {
        decide: async (decision) => {
          asked.push(decision);
          return operationOf(
            {
              summary: '',
              changes: [],
              impact: [],
              warnings: [],
              reversible: { possible: true },
              cost: { apiCalls: 0, usd: 0 },
            },
            operation,
          );
        },
        pending: async () => ['op_1', 'op_2', 'x_3'],
      },
    });
    const answer = await pack.call('approve_bulk_tagging_request', {
      request_id: operationId,
      action: 'approve',
      comment: 'ok',
    });
    return { answer, asked, pack };
  };

  it('passes the decision of the caller to the pipeline and tells what came of it', async () => {
    const { answer, asked } = await decided({ status: 'partially-applied', result });
    expect(asked).toMatchObject([{ operationId, action: 'approve', comment: 'ok', caller: { personId: 'ana' } }]);
    expect(answer).toMatchObject({
      request_id: operationId,
      status: 'partially_executed',
      executed: true,
      resources_tagged: 1,
      failed: [{ arn: 'arn:2', code: 'ThrottlingException' }],
      execution_time: startOfTests.toISOString(),
    });
  });

  it.each([
    ['denied', 'denied'],
    ['applied', 'executed'],
    ['failed', 'failed'],
  ] as const)('calls %s %s', async (status, said) => {
    expect((await decided({ status })).answer).toMatchObject({ status: said, executed: false, execution_time: null });
  });

  it('says so when the resources moved and nothing was applied', async () => {
    await expect(decided({ status: 'awaiting-countersign', note: '3 of 30 resources changed.' })).rejects.toMatchObject(
      {
        code: 'state_changed',
        message: expect.stringContaining('3 of 30 resources changed.'),
      },
    );
  });

  it.each(['approved', 'applying'] as const)(
    'says where to look when it is still %s after the wait',
    async (status) => {
      expect((await decided({ status })).answer).toMatchObject({
        status: 'approved',
        executed: false,
        progress_url: expect.stringMatching(/\/operations\/op_/),
      });
    },
  );

  it('has no default answer, and completes waiting requests', async () => {
    const { pack } = await decided({ status: 'denied' });
    const tool = pack.find('approve_bulk_tagging_request');
    expect(tool.input.safeParse({ request_id: operationId }).success).toBe(false);
    expect(await tool.complete?.('request_id', 'op', contextFor().caller)).toEqual(['op_1', 'op_2']);
  });
});
