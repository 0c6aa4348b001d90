import { synthesized } from '../testing/synthesized.ts';
import { emitted, logged, reads, Signals } from './signals.ts';

describe('a pattern', () => {
  it('counts a metric of the contract by its value, for some of its dimensions', () => {
    expect(emitted('ToolErrors', { Code: 'SAFETY_LIMIT_EXCEEDED' })).toEqual({
      pattern: '{ ($.ToolErrors >= 0) && ($.Code = "SAFETY_LIMIT_EXCEEDED") }',
      value: '$.ToolErrors',
    });
    expect(emitted('ToolCalls', { Tool: 'update_budget' }).pattern).toBe(
      '{ ($.ToolCalls >= 0) && ($.Tool = "update_budget") }',
    );
  });

  it('counts lines in which a gauge has a value', () => {
    expect(reads('StoreHealthy', 0)).toEqual({ pattern: '{ ($.StoreHealthy = 0) }', value: '1' });
  });

  it('counts lines with certain fields', () => {
    expect(logged({ status: 401, tool: 'x' })).toEqual({
      pattern: '{ ($.status = 401) && ($.tool = "x") }',
      value: '1',
    });
  });

  it('knows no metric, dimension or field that nobody writes', () => {
    // @ts-expect-error
    emitted('ToolError');
    // @ts-expect-error
    emitted('ToolErrors', { Tool: 'x' });
    // @ts-expect-error
    logged({ statusCode: 401 });
  });
});

it('signals of one name add up over the logs they are taken from', () => {
  const filters = synthesized(
    (stack) =>
      new Signals(stack, 'signals', {
        namespace: 'Countersign/test',
        signals: ['service', 'api'].map((source) => ({
          name: 'unauthorized',
          source,
          logGroup: `/aws/${source}`,
          ...logged({ status: 401 }),
        })),
      }),
  ).all('aws_cloudwatch_log_metric_filter');
  expect(Object.values(filters).map(({ log_group_name }) => log_group_name)).toEqual(['/aws/api', '/aws/service']);
  for (const filter of Object.values(filters))
    expect(filter).toMatchObject({
      name: 'unauthorized',
      metric_transformation: {
        namespace: 'Countersign/test',
        name: 'unauthorized',
        value: '1',
        default_value: '0',
        unit: 'Count',
      },
    });
});
