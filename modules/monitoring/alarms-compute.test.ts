import { type AlarmSpec, alarmName } from './alarm.ts';
import { functionAlarms, scalingGroupAlarms, serviceAlarms } from './alarms-compute.ts';

const byName = (alarms: readonly AlarmSpec[]) => Object.fromEntries(alarms.map((alarm) => [alarmName(alarm), alarm]));

it('a service sounds at over 85 % CPU or memory for ten minutes, each colour on its own', () => {
  const alarms = byName(
    serviceAlarms({
      cluster: 'tagging-mcp-cluster',
      services: { blue: 's-blue', green: 's-green' },
      cpu: 85,
      memory: 85,
    }),
  );
  expect(Object.keys(alarms)).toEqual(['cpu-blue', 'memory-blue', 'cpu-green', 'memory-green']);
  expect(alarms['cpu-green']).toMatchObject({
    threshold: 85,
    period: 300,
    periods: 2,
    sounds: 'above',
    watched: {
      namespace: 'AWS/ECS',
      name: 'CPUUtilization',
      statistic: 'Average',
      dimensions: { ClusterName: 'tagging-mcp-cluster', ServiceName: 's-green' },
    },
  });
});

it('instances sound at too much CPU', () => {
  expect(byName(scalingGroupAlarms('group', 85))['cpu-instances']?.watched).toMatchObject({
    dimensions: { AutoScalingGroupName: 'group' },
  });
});

describe('a function', () => {
  const made = (reserved?: number) => byName(functionAlarms({ role: 'service', name: 'mcp', errors: 10, reserved }));

  it('sounds when invocations fail or are refused', () => {
    expect(made()['function-errors-service']).toMatchObject({ threshold: 10, watched: { name: 'Errors' } });
    expect(made()['function-throttles-service']).toMatchObject({
      threshold: 0,
      watched: { name: 'Throttles', dimensions: { FunctionName: 'mcp' } },
    });
  });

  it('sounds when it nears the concurrency that is reserved for it', () => {
    expect(made()).not.toHaveProperty('function-concurrency-service');
    expect(made(50)['function-concurrency-service']).toMatchObject({ threshold: 40 });
  });
});
