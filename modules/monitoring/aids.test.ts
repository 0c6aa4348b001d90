import { synthesized } from '../testing/synthesized.ts';
import { ServiceHealth } from './health.ts';
import { SavedQueries, savedQueries } from './queries.ts';
import { Traces } from './traces.ts';

it('the service is unwell when clients feel something, not when something may come', () => {
  const alarms = { errors: 'arn:errors', 'cpu-blue': 'arn:cpu', 'store-down': 'arn:store' };
  const health = synthesized((stack) => new ServiceHealth(stack, 'health', { name: 'app-service-health', alarms }));
  expect(health.one('aws_cloudwatch_composite_alarm')).toMatchObject({
    alarm_name: 'app-service-health',
    alarm_rule: 'ALARM("arn:errors") OR ALARM("arn:store")',
  });
});

it('nothing is made of alarms that clients do not feel', () => {
  const health = synthesized(
    (stack) => new ServiceHealth(stack, 'health', { name: 'a', alarms: { 'cpu-blue': 'arn' } }),
  );
  expect(health.addresses).toEqual([]);
});

describe('saved queries', () => {
  const of = (told: 'countersign' | 'json' | 'text') =>
    synthesized(
      (stack) => new SavedQueries(stack, 'queries', { prefix: 'app', logGroup: '/log', queries: savedQueries(told) }),
    ).all('aws_cloudwatch_query_definition');

  it('stand in the environment’s folder, ready to run', () => {
    const topTools = Object.values(of('countersign')).find(({ name }) => name === 'app/topTools');
    expect(topTools).toMatchObject({
      log_group_names: ['/log'],
      query_string: [
        'filter ispresent(tool) and ispresent(outcome)',
        '| stats count(*) as calls by tool',
        '| sort calls desc',
        '| limit 10',
      ].join('\n'),
    });
  });

  it('ask only for what stands in the log', () => {
    expect(of('text')).toEqual({});
    expect(Object.values(of('json')).map(({ name }) => name)).not.toContain('app/toolErrors');
  });
});

it('traces of the service have a sampling rule and a group, with names that X-Ray takes', () => {
  const traces = synthesized((stack) => new Traces(stack, 'traces', { name: 'a'.repeat(40), service: 'countersign' }));
  expect(traces.one('aws_xray_group')).toMatchObject({
    group_name: 'a'.repeat(32),
    filter_expression: 'service("countersign")',
  });
  expect(traces.one('aws_xray_sampling_rule')).toMatchObject({
    rule_name: 'a'.repeat(32),
    service_name: 'countersign',
    reservoir_size: 1,
    fixed_rate: 0.05,
  });
});
