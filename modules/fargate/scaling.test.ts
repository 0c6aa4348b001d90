import { type Block, synthesized } from '../testing/synthesized.ts';
import { Scaling, type ScalingProps } from './scaling.ts';
import { Schedules, weekend } from './schedules.ts';

const props: ScalingProps = {
  clusterName: 'app',
  serviceName: 'mcp',
  min: 2,
  max: 10,
  boundsAreManaged: false,
  cooldown: { out: 60, in: 300 },
};
const steps = { out: { percent: 70, minutes: 3 }, in: { percent: 30, minutes: 10 } };
const made = (changes: Partial<ScalingProps> = {}) =>
  synthesized((stack) => new Scaling(stack, 'scaling', { ...props, ...changes }));

const policies = (changes: Partial<ScalingProps>): Record<string, Block> =>
  Object.fromEntries(
    Object.values(made(changes).all('aws_appautoscaling_policy')).map((policy) => [String(policy.name), policy]),
  );

describe('scaling', () => {
  it('keeps the count of the service within bounds', () => {
    const target = made().one('aws_appautoscaling_target');
    expect(target).toMatchObject({ resource_id: 'service/app/mcp', min_capacity: 2, max_capacity: 10 });
    expect(target).not.toHaveProperty('lifecycle');
    expect(made().all('aws_appautoscaling_policy')).toEqual({});
  });

  it('leaves the bounds to a schedule or a cutover', () => {
    expect(made({ boundsAreManaged: true }).one('aws_appautoscaling_target').lifecycle).toEqual({
      ignore_changes: ['min_capacity', 'max_capacity'],
    });
  });

  it('follows CPU, memory and requests', () => {
    const label = 'app/lb/1/targetgroup/a/2';
    const all = policies({ targets: { cpu: 70, memory: 80, requests: { value: 1000, label } } });
    const follows = (metric: string, value: number) => ({
      target_tracking_scaling_policy_configuration: {
        target_value: value,
        scale_out_cooldown: 60,
        scale_in_cooldown: 300,
        predefined_metric_specification: { predefined_metric_type: metric },
      },
    });
    expect(all['mcp-cpu']).toMatchObject(follows('ECSServiceAverageCPUUtilization', 70));
    expect(all['mcp-memory']).toMatchObject(follows('ECSServiceAverageMemoryUtilization', 80));
    expect(all['mcp-requests']).toMatchObject(follows('ALBRequestCountPerTarget', 1000));
    expect(JSON.stringify(all['mcp-requests'])).toContain(`"resource_label":"${label}"`);
  });

  it('in steps follows everything but the CPU', () => {
    expect(Object.keys(policies({ targets: { cpu: 70, memory: 80 }, steps })).sort()).toEqual([
      'mcp-memory',
      'mcp-step-in',
      'mcp-step-out',
    ]);
  });
});

describe('step scaling', () => {
  const scaling = made({ steps, cooldown: { out: 180, in: 600 } });
  const policyOf = (direction: string) => {
    const found = Object.entries(scaling.all('aws_appautoscaling_policy')).find(([address]) =>
      address.includes(direction),
    );
    return { address: found?.[0], ...(found?.[1].step_scaling_policy_configuration as object) };
  };
  const alarmOf = (name: string) =>
    Object.values(scaling.all('aws_cloudwatch_metric_alarm')).find(({ alarm_name }) => alarm_name === name);

  it('adds a task when the CPU was above 70 % for 3 minutes', () => {
    const policy = policyOf('out-policy');
    expect(policy).toMatchObject({
      adjustment_type: 'ChangeInCapacity',
      cooldown: 180,
      step_adjustment: [{ metric_interval_lower_bound: '0', scaling_adjustment: 1 }],
    });
    expect(alarmOf('mcp-scale-out')).toMatchObject({
      namespace: 'AWS/ECS',
      metric_name: 'CPUUtilization',
      dimensions: { ClusterName: 'app', ServiceName: 'mcp' },
      comparison_operator: 'GreaterThanThreshold',
      threshold: 70,
      period: 60,
      evaluation_periods: 3,
      alarm_actions: [`\${aws_appautoscaling_policy.${policy.address}.arn}`],
    });
  });

  it('removes a task when the CPU was below 30 % for 10 minutes', () => {
    const policy = policyOf('in-policy');
    expect(policy).toMatchObject({
      cooldown: 600,
      step_adjustment: [{ metric_interval_upper_bound: '0', scaling_adjustment: -1 }],
    });
    expect(alarmOf('mcp-scale-in')).toMatchObject({
      comparison_operator: 'LessThanThreshold',
      threshold: 30,
      evaluation_periods: 10,
      treat_missing_data: 'notBreaching',
      alarm_actions: [`\${aws_appautoscaling_policy.${policy.address}.arn}`],
    });
  });
});

describe('schedules', () => {
  const scalable = {
    resourceId: 'service/app/mcp',
    scalableDimension: 'ecs:service:DesiredCount',
    serviceNamespace: 'ecs',
  };
  const actions = (boundsAreManaged: boolean) =>
    Object.values(
      synthesized(
        (stack) =>
          new Schedules(stack, 'schedules', {
            name: 'mcp',
            scalable,
            schedules: {
              ...weekend({ start: 6, end: 22 }, 2, 4),
              night: { cron: 'cron(0 20 ? * * *)', min: 1, max: 2 },
            },
            boundsAreManaged,
          }),
      ).all('aws_appautoscaling_scheduled_action'),
    );

  it('bring the service up and down on Saturdays and Sundays, and at other times', () => {
    expect(
      actions(false).map(({ name, schedule, scalable_target_action }) => [name, schedule, scalable_target_action]),
    ).toEqual([
      ['mcp-night', 'cron(0 20 ? * * *)', { min_capacity: '1', max_capacity: '2' }],
      ['mcp-weekend-down', 'cron(0 22 ? * SAT,SUN *)', { min_capacity: '0', max_capacity: '0' }],
      ['mcp-weekend-up', 'cron(0 6 ? * SAT,SUN *)', { min_capacity: '2', max_capacity: '4' }],
    ]);
    expect(actions(false)[0]).toMatchObject({ timezone: 'UTC', resource_id: 'service/app/mcp' });
    expect(actions(false)[0]).not.toHaveProperty('lifecycle');
  });

  it('leave their bounds to a cutover', () => {
    expect(actions(true).map(({ lifecycle }) => lifecycle)).toEqual(
      Array.from({ length: 3 }, () => ({ ignore_changes: ['scalable_target_action'] })),
    );
  });
});
