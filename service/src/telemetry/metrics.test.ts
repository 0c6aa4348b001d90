import { z } from 'zod';
import { metrics as contract, metricNamespace } from '../../../contracts/metrics.ts';
import { version } from '../version.ts';
import { openMetrics } from './metrics.ts';

const at = new Date('2026-01-02T03:04:05.678Z');
const open = () => {
  const lines: string[] = [];
  const metrics = openMetrics({ format: 'emf', write: (line) => void lines.push(line), now: () => at });
  return { metrics, lines };
};

/** The specification's schema: the root is an object with _aws, and every dimension and metric is a member beside it. */
const EmfLine = z
  .looseObject({
    _aws: z.strictObject({
      Timestamp: z.int().positive(),
      CloudWatchMetrics: z.array(
        z.strictObject({
          Namespace: z.string().min(1).max(1024),
          Dimensions: z.array(z.array(z.string().min(1).max(250)).max(30)).min(1),
          Metrics: z
            .array(
              z.strictObject({
                Name: z.string().min(1),
                Unit: z.enum(['Count', 'Seconds', 'Milliseconds', 'Bytes', 'Percent', 'None']),
              }),
            )
            .min(1)
            .max(100),
        }),
      ),
    }),
  })
  .superRefine(({ _aws, ...targets }, context) => {
    for (const { Dimensions, Metrics } of _aws.CloudWatchMetrics) {
      for (const name of Dimensions.flat())
        if (!z.string().min(1).max(1024).safeParse(targets[name]).success) context.addIssue(`${name} has no value`);
      for (const { Name } of Metrics)
        if (!z.union([z.number(), z.array(z.number()).min(1).max(100)]).safeParse(targets[Name]).success)
          context.addIssue(`${Name} has no values`);
    }
  });

it('names colour and version beside the metrics of a task of two colours, and in no dimension', () => {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const metrics = openMetrics({ format: 'emf', colour: 'green', write, now: () => at });
  metrics.count('ToolErrors', { Code: 'TIMEOUT' });
  metrics.flush();
  const line = EmfLine.parse(JSON.parse(lines[0] ?? ''));
  expect(line).toMatchObject({ Colour: 'green', Version: version, Code: 'TIMEOUT', ToolErrors: 1 });
  expect(line._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([['Code']]);
});

describe('openMetrics', () => {
  it('keeps every metric of the contract for Prometheus', async () => {
    const { metrics } = open();
    metrics.count('RequestCount', { StatusClass: '2xx', Route: '/mcp' });
    metrics.count('RequestCount', { StatusClass: '2xx', Route: '/mcp' }, 2);
    metrics.observe('RequestDuration', { Route: '/mcp' }, 7);
    metrics.observe('ScanResources', {}, 450);
    metrics.set('StoreHealthy', { Store: 'tables' }, 0);
    const text = await metrics.prometheus();
    expect(text).toContain('countersign_request_total{status_class="2xx",route="/mcp"} 3');
    expect(text).toContain('countersign_request_duration_milliseconds_bucket{le="10",route="/mcp"} 1');
    expect(text).toContain('countersign_request_duration_milliseconds_bucket{le="5",route="/mcp"} 0');
    expect(text).toContain('countersign_scan_resources_sum 450');
    expect(text).toContain('countersign_store_healthy{store="tables"} 0');
    expect(text).toContain('process_resident_memory_bytes');
    expect(text.match(/^# HELP countersign_/gm)).toHaveLength(Object.keys(contract).length);
  });

  it('writes what it gathered as valid embedded metric format, once', () => {
    const { metrics, lines } = open();
    metrics.count('ToolCalls', { Outcome: 'success', Tool: 'get_tagging_policy' });
    metrics.count('ToolCalls', { Outcome: 'success', Tool: 'get_tagging_policy' }, 4);
    metrics.observe('ToolDuration', { Tool: 'get_tagging_policy' }, 3);
    metrics.observe('ToolDuration', { Tool: 'get_tagging_policy' }, 5);
    metrics.set('StoreHealthy', { Store: 'tables' }, 1);
    metrics.set('StoreHealthy', { Store: 'tables' }, 0);
    expect(lines).toEqual([]);
    void metrics.close();
    const written = lines.map((line) => EmfLine.parse(JSON.parse(line)));
    expect(lines.every((line) => line.endsWith('}\n'))).toBe(true);
    expect(written).toContainEqual({
      _aws: {
        Timestamp: at.getTime(),
        CloudWatchMetrics: [
          {
            Namespace: metricNamespace,
            Dimensions: [['Tool', 'Outcome']],
            Metrics: [{ Name: 'ToolCalls', Unit: 'Count' }],
          },
        ],
      },
      Tool: 'get_tagging_policy',
      Outcome: 'success',
      ToolCalls: 5,
    });
    expect(written).toContainEqual(expect.objectContaining({ Tool: 'get_tagging_policy', ToolDuration: [3, 5] }));
    expect(written).toContainEqual(expect.objectContaining({ Store: 'tables', StoreHealthy: 0 }));
    void metrics.close();
    expect(lines).toHaveLength(written.length);
  });

  it('keeps a metric without dimensions, and at most 100 values of each', () => {
    const { metrics, lines } = open();
    for (let value = 1; value <= 5000; value++) metrics.observe('ScanResources', {}, value);
    void metrics.close();
    const [only] = lines.map((line) => EmfLine.parse(JSON.parse(line)));
    const values = only?.ScanResources as number[];
    expect(only?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([[]]);
    expect(values).toHaveLength(100);
    // A uniform sample of 1 to 5000 has a mean near 2500; its first hundred would have one of 50.
    expect(values.reduce((sum, value) => sum + value) / 100).toBeGreaterThan(1500);
  });

  it('writes by itself every few seconds', async () => {
    const lines: string[] = [];
    const metrics = openMetrics({ format: 'emf', write: (line) => void lines.push(line), flushSeconds: 0.05 });
    metrics.count('StepUps', { Way: 'page' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(lines).toHaveLength(1);
    await metrics.close();
  });

  it('tells nothing of a pack that is off', async () => {
    const lines: string[] = [];
    const metrics = openMetrics({ format: 'emf', packs: [], write: (line) => void lines.push(line) });
    metrics.observe('ScanResources', {}, 3);
    await metrics.close();
    expect([lines, await metrics.prometheus()].join()).not.toMatch(/scan/i);
    expect(await metrics.prometheus()).toContain('countersign_tool_calls');
  });

  it('writes nothing when not asked to', async () => {
    const lines: string[] = [];
    const metrics = openMetrics({ format: 'none', write: (line) => void lines.push(line) });
    metrics.count('StepUps', { Way: 'page' });
    await metrics.close();
    expect(lines).toEqual([]);
  });
});
