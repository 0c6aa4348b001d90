import { z } from 'zod';
import { contextFor, startPack } from '../../../../test/estate/pack.ts';
import { openMemoryEphemeral } from '../../../stores/memory/ephemeral.ts';
import { extentHash, wholeExtent } from './extent.ts';

const Answer = z.looseObject({
  total_resources: z.number(),
  compliance_score: z.number().nullable(),
  data_quality: z.looseObject({ status: z.string(), cost_data: z.string() }),
  sample: z
    .looseObject({ resources: z.number(), of_estimated: z.number(), scan_all: z.looseObject({ sample: z.string() }) })
    .optional(),
});

/** The sandbox, with samples offered above `sampledAbove` resources. */
const started = async (sampledAbove: number) => {
  const limits = { resources: 1e6, seconds: 1e6, callMs: 40_000, waitMs: 0, sampledAbove };
  const pack = await startPack({ services: { limits, ephemeral: openMemoryEphemeral() } });
  const check = async (input: object = {}, context = contextFor()) =>
    Answer.parse(await pack.call('check_tag_compliance', input, context));
  const history = async () => pack.parts.scans.history(extentHash(await wholeExtent(pack.parts.estate)), 1);
  const tool = pack.find('check_tag_compliance');
  const parse = (input: object) => tool.input.parse(input);
  const questions = async (input: object = {}) =>
    (await tool.ambiguities?.(parse(input), contextFor()))?.map(({ parameter }) => parameter);
  const estimate = async (input: object = {}) => tool.estimate?.(parse(input), contextFor());
  return { pack, check, history, questions, estimate };
};

describe('a sample', () => {
  it('is of a hundred resources, tells what all of it would take, and never enters the history', async () => {
    const { check, history } = await started(100);
    const full = await check();
    const before = await history();
    const sampled = await check({ sample: 'sample', store_snapshot: true });
    expect(sampled.sample).toMatchObject({ resources: 100, of_estimated: 450, scan_all: { sample: 'full' } });
    expect(sampled.total_resources).toBeLessThanOrEqual(100);
    expect(Math.abs((sampled.compliance_score ?? 0) - (full.compliance_score ?? 1))).toBeLessThan(0.25);
    expect(sampled.data_quality).toMatchObject({ status: 'complete', cost_data: 'not_requested' });
    expect(sampled).toMatchObject({ cost_attribution_gap: null, snapshot_stored: false });
    expect(await history()).toEqual(before);
  });

  it('is offered above the limit and costs less than all, and at the limit nobody is asked', async () => {
    const { check, questions, estimate } = await started(449);
    await check({ sample: 'full' });
    expect(await questions()).toContain('sample');
    expect(await estimate({ sample: 'sample' })).toMatchObject({ resources: 100, charges: [] });
    expect(await questions({ sample: 'full' })).not.toContain('sample');
    const at = await started(450);
    await at.check();
    expect(await at.questions()).not.toContain('sample');
    expect((await at.check({ sample: 'sample' })).sample).toBeUndefined();
  });

  it('is a choice for the session where the call says always, of this person and client', async () => {
    const { check, questions, estimate } = await started(100);
    await check({ sample: 'always_sample' });
    expect((await check()).sample).toBeDefined();
    expect([await questions(), (await estimate())?.resources]).toEqual([['resource_types', 'regions'], 100]);
    const ben = contextFor();
    expect((await check({}, { ...ben, caller: { ...ben.caller, personId: 'ben' } })).sample).toBeUndefined();
    await check({ sample: 'always_full' });
    expect((await check()).sample).toBeUndefined();
  });

  it('is no report, whatever was chosen for the session: a tool that takes no sample tells the whole', async () => {
    const { pack, check } = await started(100);
    await check({ sample: 'always_sample' });
    const report = await pack.call('generate_compliance_report', {});
    expect(report.sample).toBeUndefined();
    expect(report.total_resources).toBe((await check({ sample: 'full' })).total_resources);
  });
});
