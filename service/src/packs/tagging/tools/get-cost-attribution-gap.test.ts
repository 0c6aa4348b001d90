import { z } from 'zod';
import { at, contextFor, startPack } from '../../../../test/estate/pack.ts';
import type { Costs, Period } from '../cost/costs.ts';

type Pack = Awaited<ReturnType<typeof startPack>>;
const gap = (pack: Pack, input: object = {}, context = contextFor()) =>
  pack.call('get_cost_attribution_gap', input, context);

const Parts = z.record(z.string(), z.looseObject({ total: z.number(), gap: z.number().nullable() }));
const sumOf = (parts: unknown, key: 'total' | 'gap'): number =>
  Math.round(Object.values(Parts.parse(parts)).reduce((sum, part) => sum + (part[key] ?? Number.NaN), 0) * 100) / 100;
const number = (value: unknown): number => z.number().parse(value);

describe('get_cost_attribution_gap', () => {
  it('tells the same gap as a compliance check, and how it comes about', async () => {
    const pack = await startPack();
    const told = await gap(pack);
    const checked = await pack.call('check_tag_compliance', {});
    expect(told.attribution_gap).toBe(at(checked, 'cost_attribution_gap'));
    expect(told.unmapped_spend).toBe(at(checked, 'unmapped_spend'));
    const [total, taggable] = [number(told.total_spend), number(told.taggable_spend)];
    const services = z.array(z.object({ service: z.string(), usd: z.number() })).parse(told.unattributable_services);
    expect(services.map(({ service }) => service).sort()).toEqual([
      'AWS Data Transfer',
      'AWS Support (Business)',
      'Tax',
    ]);
    expect(total - taggable).toBeCloseTo(
      services.reduce((sum, { usd }) => sum + usd, 0),
      2,
    );
    expect(taggable - number(told.attributable_spend)).toBeCloseTo(number(told.attribution_gap), 2);
    expect(told.attribution_gap_percentage).toBeCloseTo((100 * number(told.attribution_gap)) / taggable, 2);
    expect(told.aggregated_summary).toMatchObject({ total_cost_attribution_gap: told.attribution_gap });
  });

  it('adds up in parts, whichever they are', async () => {
    const pack = await startPack();
    const whole = await gap(pack);
    for (const group_by of ['account', 'service']) {
      const { breakdown } = await gap(pack, { group_by });
      expect(sumOf(breakdown, 'gap')).toBe(whole.attribution_gap);
      expect(sumOf(breakdown, 'total')).toBe(whole.taggable_spend);
    }
    const carried = number(whole.attribution_gap) - number(whole.unmapped_spend);
    for (const group_by of ['resource_type', 'region'])
      expect(sumOf((await gap(pack, { group_by })).breakdown, 'gap')).toBeCloseTo(carried, 2);
    expect(whole.breakdown).toBeUndefined();
  });

  it('costs of a resource do not depend on what is asked about', async () => {
    const pack = await startPack();
    const { breakdown } = await gap(pack, { group_by: 'resource_type' });
    const clusters = await gap(await startPack(), { resource_types: ['ecs:cluster'], group_by: 'resource_type' });
    expect(at(clusters.breakdown, 'ecs:cluster')).toEqual(at(breakdown, 'ecs:cluster'));
    expect(clusters).toMatchObject({ unmapped_spend: 0, unattributable_services: [] });
  });

  it('is of the days that are asked about, says what they lack, and leaves the history of scans alone', async () => {
    const pack = await startPack();
    const asked: Period[] = [];
    const costs: Costs = {
      ...pack.parts.costs,
      spend: (request, context) => {
        asked.push(request.period);
        return pack.parts.costs.spend(request, context);
      },
    };
    const own = await startPack({ services: { costs } });
    const time_period = { Start: '2026-10-01', End: '2026-10-11' };
    const ten = await gap(own, { time_period });
    expect(asked).toEqual([{ start: '2026-10-01', end: '2026-10-11' }]);
    expect(ten).toMatchObject({ time_period, costs_incomplete_from: null, costs_estimated: false });
    const month = await gap(own);
    expect(number(ten.total_spend) * 3).toBeCloseTo(number(month.total_spend), 0);
    expect(month).toMatchObject({
      time_period: { Start: '2026-10-21', End: '2026-11-20' },
      costs_incomplete_from: '2026-11-18',
    });
    expect(await own.parts.scans.history('any', 90)).toEqual([]);
  });

  it('is estimated by the days that are asked about', async () => {
    const pack = await startPack();
    const price: Costs['price'] = ({ period }) => ({ requests: Date.parse(period.start) / 86_400_000, charges: [] });
    const { find } = await startPack({ services: { costs: { ...pack.parts.costs, price } } });
    const tool = find('get_cost_attribution_gap');
    const callsOf = async (Start: string): Promise<number> => {
      const time_period = { Start, End: '2026-11-20' };
      return number((await tool.estimate?.(tool.input.parse({ time_period }), contextFor()))?.apiCalls);
    };
    expect((await callsOf('2026-10-20')) - (await callsOf('2026-10-01'))).toBe(19);
  });

  it('tells what it took for granted', async () => {
    const context = contextFor();
    await gap(await startPack(), {}, context);
    expect(context.beliefs.map(({ parameter }) => parameter)).toContain('time_period');
  });

  it('knows no percentage of nothing', async () => {
    const pack = await startPack();
    const costs: Costs = {
      price: () => ({ requests: 0, charges: [] }),
      spend: async ({ period, accounts }) => ({
        period,
        lines: accounts.map((accountId) => ({ accountId, service: 'Tax', usd: 5 })),
        byResource: new Map(),
        byName: [],
        failures: [],
        estimated: true,
      }),
    };
    const own = await startPack({ services: { ...pack.parts, costs } });
    expect(await gap(own)).toMatchObject({
      total_spend: 15,
      taggable_spend: 0,
      attribution_gap: 0,
      attribution_gap_percentage: null,
      costs_estimated: true,
    });
  });

  it('knows no gap of the whole while costs of an account are unknown, and tells that of the others', async () => {
    const pack = await startPack();
    const lost = '345678901234';
    const costs: Costs = {
      ...pack.parts.costs,
      spend: async (request, context) => {
        const told = await pack.parts.costs.spend(request, context);
        return { ...told, failures: [{ accountId: lost, code: 'access_denied', message: 'x' }] };
      },
    };
    const own = await startPack({ services: { ...pack.parts, costs } });
    const told = await gap(own, { group_by: 'account' });
    expect(told).toMatchObject({ attribution_gap: null, attribution_gap_percentage: null, unmapped_spend: null });
    expect(Object.keys(Parts.parse(told.breakdown)).sort()).toEqual(['123456789012', '234567890123']);
    expect(at(told, 'data_quality', 'failed_costs')).toMatchObject([{ account_id: lost }]);
  });

  it('knows no gap of what a throttled region may hold, and keeps its spend apart', async () => {
    const pack = await startPack();
    pack.behaviour.throttledRegions.add('eu-west-1');
    const told = await gap(pack, { group_by: 'service' });
    expect(told).toMatchObject({ attribution_gap: null, data_quality: { status: 'partial', cost_data: 'partial' } });
    expect(at(told.breakdown, 'AWS Lambda', 'gap')).toBeNull();
    expect(at(told.breakdown, 'EC2 - Other', 'gap')).toBeGreaterThan(0);
  });

  it.each([
    [{ Start: '2026-11-01', End: '2026-11-01' }, 'Start must be before End'],
    [{ Start: '2025-10-01', End: '2026-10-02' }, 'has 366 days; ask for at most 365'],
    [{ Start: '2026-11-01', End: '2026-11-22' }, 'The latest End is 2026-11-21'],
    [{ Start: 'yesterday', End: '2026-11-01' }, 'must be a date such as 2026-11-20'],
  ])('refuses the days %j', async (time_period, message) => {
    await expect(gap(await startPack(), { time_period })).rejects.toThrow(message);
  });

  it('runs 30 days unasked, and 31 only when they are meant; asks which days where none are named', async () => {
    const pack = await startPack();
    const tool = pack.find('get_cost_attribution_gap');
    const days = async (Start: string) =>
      (await tool.estimate?.(tool.input.parse({ time_period: { Start, End: '2026-11-20' } }), contextFor()))?.days;
    // More than MAX_DAYS_WITHOUT_APPROVAL are asked about.
    expect([await days('2026-10-21'), await days('2026-10-20')]).toEqual([30, 31]);
    const questions = await tool.ambiguities?.(tool.input.parse({}), contextFor());
    expect(questions?.map(({ parameter }) => parameter)).toEqual(['resource_types', 'regions', 'time_period']);
    expect(questions?.at(-1)?.options.map(({ requires_approval }) => requires_approval ?? false)).toEqual([
      false,
      false,
      true,
    ]);
    expect(await tool.complete?.('group_by', 're', contextFor().caller)).toEqual(['resource_type', 'region']);
  });
});
