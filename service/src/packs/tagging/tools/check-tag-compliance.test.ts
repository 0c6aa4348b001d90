import { z } from 'zod';
import { at, contextFor, startOfTests, startPack } from '../../../../test/estate/pack.ts';
import { CountersignError } from '../../../errors.ts';
import { generateEstate } from '../sandbox/generate.ts';
import { extentHash, wholeExtent } from '../scan/extent.ts';

const Result = z.looseObject({
  compliance_status: z.string(),
  compliance_score: z.number().nullable(),
  total_resources: z.number(),
  compliant_resources: z.number(),
  total_violations: z.number(),
  total_errors: z.number(),
  violations_by: z.unknown().optional(),
  violations: z.array(
    z.looseObject({ resource_id: z.string(), severity: z.string(), current_value: z.string().nullable() }),
  ),
  next_cursor: z.string().optional(),
  cost_attribution_gap: z.number().nullable(),
  cached: z.boolean(),
  data_quality: z.looseObject({ status: z.string(), failed_regions: z.array(z.looseObject({ region: z.string() })) }),
  results_by_account: z
    .record(z.string(), z.looseObject({ total_resources: z.number(), compliance_score: z.number().nullable() }))
    .optional(),
  aggregated_summary: z.looseObject({ overall_compliance: z.number().nullable() }).optional(),
});

const check = async (pack: Awaited<ReturnType<typeof startPack>>, input: object = {}, context = contextFor()) =>
  Result.parse(await pack.call('check_tag_compliance', input, context));

describe('check_tag_compliance', () => {
  it('scores the whole estate, tells what it assumed and how far it is', async () => {
    const pack = await startPack();
    const context = contextFor();
    const result = await check(pack, {}, context);
    const living = generateEstate(startOfTests).filter((each) => each.state !== 'terminated');

    expect(result.total_resources).toBe(living.length);
    expect(result.compliance_score).toBeGreaterThan(0.5);
    expect(result.compliance_score).toBeLessThan(0.9);
    expect(result.cost_attribution_gap).toBeGreaterThan(1000);
    expect(result.data_quality.status).toBe('complete');
    // The policy requires tags on all 52 types, and the sandbox has seven.
    expect(result.data_quality).toMatchObject({
      types_not_scanned: { not_enabled: { first: ['apigateway:restapi', 'athena:workgroup'] } },
    });
    expect(context.beliefs.map((belief) => belief.parameter)).toEqual(['resource_types', 'regions', 'accounts']);
    expect(context.steps.at(-1)).toEqual([63, 63]);
    expect(pack.counts.get('ScanResources')).toBe(generateEstate(startOfTests).length);
  });

  it('sums accounts, and does not average them', async () => {
    const pack = await startPack();
    const result = await check(pack, { accounts: ['123456789012', '234567890123'] });
    const accounts = Object.values(result.results_by_account ?? {});
    const compliant = accounts.reduce((sum, each) => sum + (each.compliance_score ?? 0) * each.total_resources, 0);
    expect(accounts).toHaveLength(2);
    expect(result.aggregated_summary?.overall_compliance).toBeCloseTo(compliant / result.total_resources, 3);
  });

  it('keeps the score whatever severity is listed', async () => {
    const pack = await startPack();
    const all = await check(pack, {});
    const errors = await check(pack, { severity: 'errors_only' });
    const warnings = await check(pack, { severity: 'warnings_only' });
    expect([errors.compliance_score, warnings.compliance_score]).toEqual([all.compliance_score, all.compliance_score]);
    expect(errors.total_violations + warnings.total_violations).toBe(all.total_violations);
    expect(warnings.total_violations).toBeGreaterThan(0);
    expect(warnings.violations.every((each) => each.severity === 'warning')).toBe(true);
  });

  it('counts violations as every other place does: errors and warnings together', async () => {
    const pack = await startPack();
    const all = await check(pack, {});
    const warnings = await check(pack, { severity: 'warnings_only' });
    const stored = await pack.parts.scans.newest(extentHash(await wholeExtent(pack.parts.estate)));
    expect(stored).toMatchObject({ violationCount: all.total_violations, errors: all.total_errors });
    expect(all).toMatchObject({ total_warnings: warnings.total_violations });
    expect(warnings).toMatchObject({ total_errors: all.total_errors });
    const untagged = z
      .looseObject({ aggregated_summary: z.looseObject({ total_violations: z.number() }) })
      .parse(await pack.call('find_untagged_resources', {}));
    expect(untagged.aggregated_summary.total_violations).toBe(all.total_violations);
    const sum = (counts: unknown) =>
      Object.values(z.record(z.string(), z.number()).parse(counts)).reduce((total, each) => total + each, 0);
    for (const group of ['tag', 'resource_type', 'account'])
      expect(sum(at(all.violations_by, group))).toBe(all.total_violations);
  });

  it('gives every violation once over its pages, dearest errors first', async () => {
    const pack = await startPack();
    const seen: string[] = [];
    let cursor: string | undefined;
    let total = 0;
    do {
      const page = await check(pack, { limit: 50, ...(cursor ? { cursor } : {}) });
      seen.push(...page.violations.map((each) => JSON.stringify([each.resource_id, each.tag_name])));
      total = page.total_violations;
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(total);
    expect(new Set(seen).size).toBe(total);
  });

  it('tells a throttled region as partial data, and an estate it cannot read as no data', async () => {
    const pack = await startPack();
    pack.behaviour.throttledRegions.add('eu-west-1');
    const partial = await check(pack, {});
    expect(partial.data_quality.status).toBe('partial');
    expect(partial.data_quality.failed_regions.map((each) => each.region)).toEqual([
      'eu-west-1',
      'eu-west-1',
      'eu-west-1',
    ]);
    const failed = await check(pack, { regions: ['eu-west-1'] });
    expect(failed).toMatchObject({
      compliance_status: 'no_data',
      compliance_score: null,
      compliance_score_compat: 1,
      data_quality: { status: 'failed' },
    });
  });

  it('answers narrower questions from what was read in the last hour, with what belongs to them only', async () => {
    const pack = await startPack();
    const narrower = [{ accounts: ['123456789012'] }, { regions: ['us-east-1'] }, { resource_types: ['s3:bucket'] }];
    const alone = await Promise.all(narrower.map(async (input) => check(await startPack(), input)));
    expect((await check(pack)).cached).toBe(false);
    expect((await check(pack)).cached).toBe(true);
    for (const [at, input] of narrower.entries()) {
      const told = await check(pack, input);
      expect(told.cached).toBe(true);
      expect(told).toEqual({ ...alone[at], cached: true });
    }
    expect((await check(pack, { force_refresh: true })).cached).toBe(false);
  });

  it('hands tag values on as data: one line, capped, said to be untrusted', async () => {
    const pack = await startPack();
    const [first] = await pack.resources.ofAccount('123456789012');
    if (first === undefined) throw new Error('empty estate');
    await pack.resources.put({ ...first, tags: { ...first.tags, Owner: `a\u001b[2J\u202e${'x'.repeat(300)}` } });
    const result = await check(pack, { limit: 200 });
    const found = result.violations.find((each) => each.resource_id === first.arn && each.tag_name === 'Owner');
    expect(found?.current_value).toBe(`a\\u{1b}[2J\\u{202e}${'x'.repeat(250)}…`);
    expect(result.untrusted_text).toContain('violations[].current_value');
    expect(JSON.stringify(result).length).toBeLessThan(150_000);
  });

  it('keeps its scans, with tags only when asked', async () => {
    const pack = await startPack();
    await check(pack, {});
    expect((await pack.parts.scans.newest(extentHash(await wholeExtent(pack.parts.estate))))?.chunks).toBe(0);
    await check(pack, { store_snapshot: true });
    const whole = await wholeExtent(pack.parts.estate);
    const stored = await pack.parts.scans.newest(extentHash(whole));
    expect(stored?.chunks).toBe(1);
    const snapshot = stored && (await pack.parts.scans.snapshot(stored));
    expect(snapshot?.size).toBe(stored?.inventory.reduce((sum, [, , , count]) => sum + count, 0));
    expect(stored?.extent.accounts).toEqual(whole.accounts);
  });

  it('refuses what the operator did not enable', async () => {
    const pack = await startPack();
    const refusals = [
      [{ accounts: ['999999999999'] }, 'accounts: 999999999999 is not enabled here'],
      [{ regions: ['mars-1'] }, 'regions: mars-1 is not enabled here'],
      [{ resource_types: ['all', 's3:bucket'] }, 'resource_types: name types, or only ["all"]'],
      [{ cross_account_role_name: 'Admin' }, 'cross_account_role_name: must be the role'],
      [{ external_id: 'guess' }, 'external_id: is not the one'],
    ] as const;
    for (const [input, message] of refusals)
      await expect(pack.call('check_tag_compliance', input)).rejects.toThrow(message);
  });

  it('stops when it is cancelled', async () => {
    const pack = await startPack();
    const context = contextFor('tag:read', AbortSignal.abort());
    await expect(pack.call('check_tag_compliance', {}, context)).rejects.toBeInstanceOf(CountersignError);
  });

  it('says what it would take without reading anything, and asks what is missing', async () => {
    const pack = await startPack();
    const tool = pack.find('check_tag_compliance');
    const guess = await tool.estimate?.(tool.input.parse({}), contextFor());
    expect(guess).toMatchObject({ resources: 63 * 15, basis: 'a guess: nothing of it was scanned yet' });
    await check(pack, {});
    const known = await tool.estimate?.(tool.input.parse({}), contextFor());
    expect(known).toMatchObject({ resources: 450, charges: [], basis: expect.stringContaining('an estimate: ') });
    const [first, second] = (await tool.ambiguities?.(tool.input.parse({}), contextFor())) ?? [];
    expect([first?.parameter, second?.parameter]).toEqual(['resource_types', 'regions']);
    expect(first?.options.at(-1)).toEqual({ value: ['all'], estimated_resources: 450 });
    expect(
      await tool.ambiguities?.(
        tool.input.parse({ resource_types: ['s3:bucket'], regions: ['us-east-1'] }),
        contextFor(),
      ),
    ).toEqual([]);
  });

  it('completes types, regions and accounts', async () => {
    const { find } = await startPack();
    const complete = find('check_tag_compliance').complete;
    const caller = contextFor().caller;
    expect(await complete?.('resource_types', 'ecs', caller)).toEqual(['ecs:cluster', 'ecs:service']);
    expect(await complete?.('regions', 'us', caller)).toEqual(['us-east-1', 'us-west-2']);
    expect(await complete?.('accounts', '2', caller)).toEqual(['234567890123']);
    expect(await complete?.('severity', '', caller)).toEqual([]);
  });
});
