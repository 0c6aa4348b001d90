import { synthesized } from '../testing/synthesized.ts';
import { Service, type ServiceProps } from './service.ts';
import { Task, type TaskProps } from './task.ts';

const props: ServiceProps = {
  name: 'marketing-mcp-service',
  clusterArn: 'arn:aws:ecs:::cluster/app',
  taskDefinitionArn: 'arn:aws:ecs:::task-definition/app:1',
  desired: 3,
  countIsManaged: false,
  spot: { share: 0, base: 0 },
  subnetIds: ['subnet-1', 'subnet-2'],
  securityGroupIds: ['sg-1'],
  publicIp: false,
  target: { groupArn: 'arn:aws:elasticloadbalancing:::targetgroup/a/1', containerName: 'mcp-server', port: 3000 },
  healthGrace: 60,
  deployment: { minimumPercent: 100, maximumPercent: 200, circuitBreaker: true },
  dependsOn: [],
};
const service = (changes: Partial<ServiceProps> = {}) =>
  synthesized((stack) => new Service(stack, 'service', { ...props, ...changes })).one('aws_ecs_service');

describe('the service', () => {
  it('keeps its tasks behind the target group, in the subnets it is told', () => {
    expect(service()).toMatchObject({
      name: 'marketing-mcp-service',
      desired_count: 3,
      network_configuration: {
        subnets: ['subnet-1', 'subnet-2'],
        security_groups: ['sg-1'],
        assign_public_ip: false,
      },
      load_balancer: [{ target_group_arn: props.target.groupArn, container_name: 'mcp-server', container_port: 3000 }],
      health_check_grace_period_seconds: 60,
      enable_execute_command: false,
      propagate_tags: 'SERVICE',
    });
  });

  it.each([
    [{ share: 0, base: 0 }, [['FARGATE', 100, undefined]]],
    [{ share: 100, base: 0 }, [['FARGATE_SPOT', 100, undefined]]],
    [
      { share: 60, base: 1 },
      [
        ['FARGATE', 40, 1],
        ['FARGATE_SPOT', 60, undefined],
      ],
    ],
    [
      { share: 100, base: 1 },
      [
        ['FARGATE', 0, 1],
        ['FARGATE_SPOT', 100, undefined],
      ],
    ],
  ])('shares its tasks between on demand and Spot: %j', (spot, expected) => {
    const strategy = service({ spot }).capacity_provider_strategy as Record<string, unknown>[];
    expect(strategy.map(({ capacity_provider, weight, base }) => [capacity_provider, weight, base])).toEqual(expected);
  });

  it('takes another share in place, by a rolling deployment', () => {
    expect(service()).toMatchObject({ force_new_deployment: true });
  });

  it('rolls back what does not become healthy, and what an alarm stops', () => {
    expect(service()).toMatchObject({
      deployment_minimum_healthy_percent: 100,
      deployment_maximum_percent: 200,
      deployment_circuit_breaker: { enable: true, rollback: true },
    });
    expect(service()).not.toHaveProperty('alarms');
    const deployment = { ...props.deployment, rollbackAlarms: ['errors'] };
    expect(service({ deployment }).alarms).toEqual({ alarm_names: ['errors'], enable: true, rollback: true });
  });

  it('leaves its count to whatever else sets it', () => {
    expect(service()).not.toHaveProperty('lifecycle');
    expect(service({ countIsManaged: true }).lifecycle).toEqual({ ignore_changes: ['desired_count'] });
  });

  it('registers its tasks by name, and lets people in, when told', () => {
    expect(service()).not.toHaveProperty('service_registries');
    expect(service({ registryArn: 'arn:aws:servicediscovery:::service/a', exec: true })).toMatchObject({
      service_registries: { registry_arn: 'arn:aws:servicediscovery:::service/a' },
      enable_execute_command: true,
    });
  });

  it('waits for what must stand first', () => {
    const dependsOn = [{ fqn: 'aws_lb_listener_rule.live' }];
    expect(service({ dependsOn }).depends_on).toEqual(['aws_lb_listener_rule.live']);
  });
});

describe('the task', () => {
  const task: TaskProps = {
    family: 'marketing-mcp-server',
    containers: '[]',
    cpu: 1024,
    memory: 3072,
    architecture: 'ARM64',
    taskRoleArn: 'arn:aws:iam:::role/task',
    executionRoleArn: 'arn:aws:iam:::role/execution',
  };

  it('has its size, processor and two roles, and stays when a newer one is made', () => {
    const made = synthesized((stack) => new Task(stack, 'task', task)).one('aws_ecs_task_definition');
    expect(made).toMatchObject({
      family: 'marketing-mcp-server',
      cpu: '1024',
      memory: '3072',
      network_mode: 'awsvpc',
      requires_compatibilities: ['FARGATE'],
      runtime_platform: { cpu_architecture: 'ARM64', operating_system_family: 'LINUX' },
      task_role_arn: task.taskRoleArn,
      execution_role_arn: task.executionRoleArn,
      skip_destroy: true,
    });
    expect(made).not.toHaveProperty('ephemeral_storage');
  });

  it('has the storage it is given, above what is included', () => {
    const made = (storage: number) =>
      synthesized((stack) => new Task(stack, 'task', { ...task, storage })).one('aws_ecs_task_definition');
    expect(made(21)).toMatchObject({ ephemeral_storage: { size_in_gib: 21 } });
    expect(made(20)).not.toHaveProperty('ephemeral_storage');
  });
});
