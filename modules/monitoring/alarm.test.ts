import { synthesized } from '../testing/synthesized.ts';
import { type AlarmSpec, Alarms } from './alarm.ts';
import { aws } from './metric.ts';

const busy: AlarmSpec = {
  kind: 'cpu',
  of: 'blue',
  topic: 'ops',
  meaning: 'Busy.',
  watched: aws('AWS/ECS', 'CPUUtilization', 'Average', { ClusterName: 'cluster', ServiceName: 'service-blue' }),
  sounds: 'above',
  threshold: 85,
  period: 300,
  periods: 2,
  silence: 'fine',
};
const made = (...alarms: AlarmSpec[]) =>
  synthesized(
    (stack) => new Alarms(stack, 'alarms', { prefix: 'marketing-mcp', alarms, topics: { ops: 'arn:ops' } }),
  ).one('aws_cloudwatch_metric_alarm');

describe('an alarm', () => {
  it('watches its metric, says what to do, and tells its audience when it sounds and when it is over', () => {
    expect(made(busy)).toMatchObject({
      alarm_name: 'marketing-mcp-cpu-blue',
      alarm_description: 'Busy. Runbook: docs/runbooks/alarms.md#cpu',
      namespace: 'AWS/ECS',
      metric_name: 'CPUUtilization',
      dimensions: { ClusterName: 'cluster', ServiceName: 'service-blue' },
      statistic: 'Average',
      period: 300,
      evaluation_periods: 2,
      comparison_operator: 'GreaterThanThreshold',
      threshold: 85,
      treat_missing_data: 'notBreaching',
      alarm_actions: ['arn:ops'],
      ok_actions: ['arn:ops'],
    });
  });

  it('tells nobody where its audience has no topic', () => {
    expect(made({ ...busy, topic: 'admin' })).toMatchObject({ alarm_actions: [], ok_actions: [] });
  });

  it('takes percentiles only of enough requests', () => {
    const watched = aws('AWS/ApiGateway', 'Latency', 'p99', { ApiId: 'a1' });
    expect(made({ ...busy, watched })).toMatchObject({
      extended_statistic: 'p99',
      evaluate_low_sample_count_percentiles: 'ignore',
    });
    expect(made({ ...busy, watched })).not.toHaveProperty('statistic');
  });

  it('takes silence for trouble where something should always be heard', () => {
    expect(made({ ...busy, sounds: 'below', silence: 'wrong' })).toMatchObject({
      comparison_operator: 'LessThanThreshold',
      treat_missing_data: 'breaching',
    });
  });

  it('computes over several metrics, and returns the result alone', () => {
    const { watched } = busy;
    const block = made({ ...busy, watched: { expression: 'one + two', of: { one: watched, two: watched } as never } });
    expect(block).not.toHaveProperty('metric_name');
    expect(block.metric_query).toEqual([
      { id: 'result', expression: 'one + two', label: 'result', return_data: true },
      ...['one', 'two'].map((id) => ({
        id,
        return_data: false,
        metric: {
          namespace: 'AWS/ECS',
          metric_name: 'CPUUtilization',
          stat: 'Average',
          period: 300,
          dimensions: { ClusterName: 'cluster', ServiceName: 'service-blue' },
        },
      })),
    ]);
  });
});
