import { secretNames } from '../container/secrets.ts';
import { customImage } from '../testing/custom-image.ts';
import { type Block, primaryDeploymentOf, type Synthesized, synthesized } from '../testing/synthesized.ts';
import { ContainerLogs } from './container-logs.ts';
import { Containers } from './containers.ts';
import type { WorkloadProps } from './workload.ts';

const targetGroup = (colour: string, port: number) => ({
  arn: `arn:aws:elasticloadbalancing:::targetgroup/${colour}/1`,
  arnSuffix: `targetgroup/${colour}/1`,
  port,
});
const secretArn = (name: string) => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}`;

interface Made extends Synthesized {
  readonly containers: Containers;
}

/** The containers of an environment, on layers that are only names. */
const made = async (
  name: string,
  changes: Record<string, unknown> = {},
  props: Partial<WorkloadProps> = {},
): Promise<Made> => {
  const deployment = await primaryDeploymentOf(name, changes);
  const { settings } = deployment;
  const secrets = Object.fromEntries(secretNames(settings).map((secret) => [secret, secretArn(secret)]));
  const storage = { keys: {}, buckets: {}, secrets, ...props.storage };
  let containers: Containers | undefined;
  const result = synthesized((stack) => {
    containers = new Containers(stack, 'containers', {
      deployment,
      network: {
        vpcId: 'vpc-1',
        publicSubnets: { a: 'subnet-public-a', b: 'subnet-public-b' },
        privateSubnets: { a: 'subnet-private-a', b: 'subnet-private-b' },
        databaseSubnets: {},
        securityGroups: { tasks: 'sg-tasks' },
      },
      storage,
      auth: { issuer: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc', clientId: '1a2b3c' },
      logs: new ContainerLogs(stack, 'logs', { deployment, storage }),
      queueUrls: {},
      publicUrl: 'https://mcp.example.com',
      taskRoleArn: 'arn:aws:iam:::role/task',
      executionRoleArn: 'arn:aws:iam:::role/execution',
      instanceProfileName: 'instance',
      targetGroups: {
        blue: targetGroup('blue', settings.port_blue),
        green: targetGroup('green', settings.port_green),
      },
      loadBalancerArnSuffix: 'app/lb/1',
      dependsOn: [],
      ...props,
    });
  });
  if (containers === undefined) throw new Error('nothing was built');
  return { ...result, containers };
};

/** Resources of a type by their name. */
const named = (from: Synthesized, type: string, name = 'name'): Record<string, Block> =>
  Object.fromEntries(Object.values(from.all(type)).map((block) => [String(block[name]), block]));

interface Container {
  readonly name: string;
  readonly image: string;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly [part: string]: unknown;
}
const containersOf = (from: Synthesized, family?: string): Container[] => {
  const tasks = named(from, 'aws_ecs_task_definition', 'family');
  const task = family === undefined ? Object.values(tasks)[0] : tasks[family];
  return JSON.parse(String(task?.container_definitions)) as Container[];
};
const ecs = (from: Synthesized) => named(from, 'aws_ecs_service');
const targets = (from: Synthesized) =>
  Object.values(from.all('aws_appautoscaling_target')).map(({ min_capacity, max_capacity, lifecycle }) => ({
    min: min_capacity,
    max: max_capacity,
    managed: lifecycle !== undefined,
  }));
/** By colour and name. */
const schedules = (from: Synthesized) =>
  Object.fromEntries(
    Object.entries(from.all('aws_appautoscaling_scheduled_action')).map(
      ([address, { schedule, scalable_target_action, lifecycle }]) => [
        /schedules-(\w+_.+)_[0-9A-F]{8}$/.exec(address)?.[1],
        { schedule, ...(scalable_target_action as object), ignored: lifecycle !== undefined },
      ],
    ),
  );

describe('the five systems', () => {
  it.each([
    [
      'marketing/dev',
      'marketing-mcp-cluster marketing-mcp-service marketing-mcp-server',
      '/aws/ecs/marketing-mcp-server',
      7,
      '2 x 1024/2048',
    ],
    [
      'marketing/staging',
      'marketing-mcp-cluster marketing-mcp-service marketing-mcp-server',
      '/aws/ecs/marketing-mcp-server',
      30,
      '3 x 1024/2048',
    ],
    [
      'marketing/prod',
      'marketing-mcp-cluster marketing-mcp-service marketing-mcp-server',
      '/aws/ecs/marketing-mcp-server',
      90,
      '3 x 1024/2048',
    ],
    [
      'alerts/dev',
      'alert-engine-cluster-dev alert-engine-backend-dev alert-engine-dev-task',
      '/aws/ecs/alert-engine-dev',
      7,
      '1 x 512/1024',
    ],
    [
      'alerts/staging',
      'alert-engine-cluster-stage alert-engine-backend-stage alert-engine-stage-task',
      '/aws/ecs/alert-engine-stage',
      14,
      '1 x 1024/2048',
    ],
    [
      'alerts/prod',
      'alert-engine-cluster-prod alert-engine-backend-prod alert-engine-prod-task',
      '/aws/ecs/alert-engine-prod',
      30,
      '2 x 1024/2048',
    ],
    [
      'tag-governance/prod',
      'tagging-mcp-cluster tagging-mcp-server tagging-mcp-server',
      '/ecs/tagging-mcp-server',
      365,
      '2 x 2048/4096',
    ],
    ['market-data/dev', 'app-cluster app-service app-task', '/ecs/app-task', 7, '2 x 1024/3072'],
  ])('%s has its names, %s, its log %s for %i days and its size, %s', async (name, names, log, days, size) => {
    const system = await made(`examples/${name}`, { blue_green: false, cutover_hold_hours: undefined });
    const [service, task] = [system.one('aws_ecs_service'), system.one('aws_ecs_task_definition')];
    expect(`${system.one('aws_ecs_cluster').name} ${service.name} ${task.family}`).toBe(names);
    expect(system.one('aws_cloudwatch_log_group')).toMatchObject({ name: log, retention_in_days: days });
    expect(`${service.desired_count} x ${task.cpu}/${task.memory}`).toBe(size);
  });
});

describe('one colour', () => {
  it('is a service of the wanted size in private subnets', async () => {
    const dev = await made('dev');
    const service = dev.one('aws_ecs_service');
    expect(service).toMatchObject({
      name: 'countersign-dev-service',
      desired_count: 2,
      network_configuration: {
        subnets: ['subnet-private-a', 'subnet-private-b'],
        security_groups: ['sg-tasks'],
        assign_public_ip: false,
      },
      enable_execute_command: true,
    });
    expect(service).not.toHaveProperty('lifecycle');
    expect(dev.all('aws_appautoscaling_target')).toEqual({});
    expect(dev.one('aws_ecs_task_definition')).toMatchObject({ cpu: '512', memory: '1024' });
    expect(dev.containers).toMatchObject({ services: { blue: expect.any(String) }, scalingGroup: undefined });
  });

  it('logs sessions, with a key of their own, where there may be any', async () => {
    const dev = await made('dev');
    expect(Object.keys(named(dev, 'aws_cloudwatch_log_group')).sort()).toEqual([
      '/aws/ecs/countersign-dev',
      '/aws/ecs/countersign-dev/sessions',
    ]);
    expect(dev.one('aws_ecs_cluster').configuration).toBeDefined();
    const staging = await made('staging');
    expect(Object.keys(named(staging, 'aws_cloudwatch_log_group'))).toEqual(['/aws/ecs/countersign-staging']);
    expect(staging.one('aws_ecs_cluster')).not.toHaveProperty('configuration');
    expect(staging.all('aws_kms_key')).toEqual({});
  });

  it('takes the key of the logs where there is one', async () => {
    const storage = { keys: { logs: 'arn:aws:kms:::key/logs' }, buckets: {}, secrets: { 'encryption-keys': 'arn' } };
    const dev = await made('dev', {}, { storage });
    expect(Object.values(dev.all('aws_cloudwatch_log_group')).map(({ kms_key_id }) => kms_key_id)).toEqual([
      'arn:aws:kms:::key/logs',
      'arn:aws:kms:::key/logs',
    ]);
    expect(dev.all('aws_kms_key')).toEqual({});
  });
});

describe('Countersign’s own container', () => {
  it('is what the settings and the layers say', async () => {
    const [container] = containersOf(await made('examples/tag-governance/prod'), 'tagging-mcp-server');
    expect(container).toMatchObject({
      name: 'mcp-server',
      image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/finops-tag-compliance-mcp:v2.0.0',
      portMappings: [{ containerPort: 8080 }],
      user: '1000:1000',
      readonlyRootFilesystem: true,
      stopTimeout: 120,
      healthCheck: { interval: 30, timeout: 5, retries: 3, startPeriod: 60 },
    });
    expect(container?.secrets).toEqual([
      { name: 'ENCRYPTION_KEY', valueFrom: `${secretArn('encryption-keys')}:encryption_key::` },
      { name: 'REDIS_URL', valueFrom: `${secretArn('cache-credentials')}:url::` },
      { name: 'SSO_CLIENT_SECRET', valueFrom: `${secretArn('oauth-credentials')}:client_secret::` },
    ]);
    expect(container?.environment).toContainEqual({ name: 'PORT', value: '8080' });
    expect(container?.environment).toContainEqual({ name: 'PUBLIC_URL', value: 'https://mcp.example.com' });
  });

  it('asks itself whether it is healthy, on its own port', async () => {
    const [container] = containersOf(await made('dev'));
    const { command = [] } = { ...(container?.healthCheck as { command?: string[] } | undefined) };
    expect(command.slice(0, 3)).toEqual(['CMD', 'node', '-e']);
    expect(command[3]).toContain(`'http://127.0.0.1:' + process.env.PORT + '/health'`);
  });

  it('does not come to be with a secret that nobody made', async () => {
    const storage = { keys: {}, buckets: {}, secrets: {} };
    await expect(made('dev', {}, { storage })).rejects.toThrow('encryption-keys');
  });
});

describe('a custom container', () => {
  it('runs as the user that the settings give', async () => {
    const [container] = containersOf(
      await made('examples/marketing/dev', { ...customImage, container_user: '4000:4000' }),
    );
    expect(container).toMatchObject({ user: '4000:4000' });
  });

  it('runs as it was built, with what it is given and nothing else', async () => {
    const [container, ...others] = containersOf(await made('examples/marketing/dev', customImage));
    expect(others).toEqual([]);
    expect(container).not.toHaveProperty('user');
    expect(container?.environment).toEqual([
      { name: 'LOG_LEVEL', value: 'INFO' },
      { name: 'NODE_ENV', value: 'production' },
    ]);
    expect(container?.secrets).toContainEqual({ name: 'CRUX_API_KEY', valueFrom: secretArn('crux-api-key') });
    expect(container?.healthCheck).toMatchObject({ command: ['CMD-SHELL', expect.stringContaining('3000/health')] });
    expect(JSON.stringify(container?.logConfiguration)).toContain('"awslogs-stream-prefix":"marketing-mcp"');
  });

  it('stands in public subnets where there is no other way out, under a private name', async () => {
    const region = await made('examples/market-data/dev');
    expect(region.one('aws_ecs_service')).toMatchObject({
      network_configuration: { subnets: ['subnet-public-a', 'subnet-public-b'], assign_public_ip: true },
      load_balancer: [{ container_name: 'app-server', container_port: 8001 }],
      service_registries: { registry_arn: expect.stringContaining('aws_service_discovery_service') },
    });
    expect(region.one('aws_ecs_task_definition')).toMatchObject({ cpu: '1024', memory: '3072' });
    expect(region.one('aws_service_discovery_private_dns_namespace').name).toBe('app-services');
    expect(containersOf(region)[0]).not.toHaveProperty('healthCheck');
    expect((await made('dev')).all('aws_service_discovery_service')).toEqual({});
  });
});

describe('two colours', () => {
  it('are two services, of which the idle one runs nothing', async () => {
    const services = ecs(await made('staging'));
    expect(services['countersign-staging-service']).toMatchObject({ desired_count: 3 });
    expect(services['countersign-staging-service-green']).toMatchObject({
      desired_count: 0,
      load_balancer: [{ target_group_arn: 'arn:aws:elasticloadbalancing:::targetgroup/green/1' }],
    });
    for (const service of Object.values(services))
      expect(service.lifecycle).toEqual({ ignore_changes: ['desired_count'] });
  });

  it('have an image and a port each', async () => {
    const changes = { image_green: 'example/countersign:v2', port_green: 4000 };
    const staging = await made('staging', changes);
    const [blue] = containersOf(staging, 'countersign-staging-task');
    const [green] = containersOf(staging, 'countersign-staging-task-green');
    expect(blue?.image).toContain('countersign:v0.1.0');
    expect(blue?.portMappings).toMatchObject([{ containerPort: 3000 }]);
    expect(green?.image).toBe('example/countersign:v2');
    expect(green?.portMappings).toMatchObject([{ containerPort: 4000 }]);
    expect(green?.environment).toContainEqual({ name: 'PORT', value: '4000' });
  });

  it('leave the first one as it was before there was a second, but for the name of its colour', async () => {
    const one = await made('staging', { blue_green: false });
    const two = await made('staging');
    expect(two.addresses).toEqual(expect.arrayContaining([...one.addresses]));
    expect(Object.keys(ecs(two))).toEqual(expect.arrayContaining(Object.keys(ecs(one))));
    const tasks = (from: Synthesized) => named(from, 'aws_ecs_task_definition', 'family')['countersign-staging-task'];
    const colour = JSON.stringify({ name: 'DEPLOYMENT_COLOUR', value: 'blue' });
    expect(JSON.stringify(tasks(two))).toContain(JSON.stringify(colour).slice(1, -1));
    const uncoloured = (from: Synthesized) => ({
      ...tasks(from),
      container_definitions: String(tasks(from)?.container_definitions).replace(`${colour},`, ''),
    });
    expect(uncoloured(two)).toEqual(tasks(one));
  });

  it('scale between bounds that a cutover swaps', async () => {
    expect(targets(await made('prod'))).toEqual([
      { min: 3, max: 10, managed: true },
      { min: 0, max: 10, managed: true },
    ]);
    expect(targets(await made('prod', { active_colour: 'green' }))).toEqual([
      { min: 0, max: 10, managed: true },
      { min: 3, max: 10, managed: true },
    ]);
    expect(targets(await made('staging'))).toEqual([]);
  });
});

describe('scaling', () => {
  const policies = (from: Synthesized) =>
    Object.keys(named(from, 'aws_appautoscaling_policy'))
      .map((name) => name.replace(/^.*?}-/, ''))
      .sort();

  it('follows the CPU and the memory of the alert engine from 2 to 10 tasks', async () => {
    const alerts = await made('examples/alerts/prod');
    expect(targets(alerts)).toEqual([{ min: 2, max: 10, managed: false }]);
    expect(policies(alerts)).toEqual(['cpu', 'memory']);
    expect(alerts.one('aws_ecs_service').lifecycle).toEqual({ ignore_changes: ['desired_count'] });
  });

  it('adds and removes tasks of the marketing server in steps, from 3 to 10', async () => {
    const marketing = await made('examples/marketing/prod');
    expect(targets(marketing)).toEqual([{ min: 3, max: 10, managed: false }]);
    expect(policies(marketing)).toEqual(['memory', 'step-in', 'step-out']);
    const alarms = Object.values(marketing.all('aws_cloudwatch_metric_alarm'));
    expect(alarms.map(({ threshold, evaluation_periods }) => [threshold, evaluation_periods])).toEqual([
      [30, 10],
      [70, 3],
    ]);
    const cooldowns = Object.values(marketing.all('aws_appautoscaling_policy')).flatMap((policy) => {
      const { cooldown } = (policy.step_scaling_policy_configuration ?? {}) as { cooldown?: number };
      return cooldown === undefined ? [] : [cooldown];
    });
    expect(cooldowns).toEqual([600, 180]);
  });

  it('counts requests at the load balancer while there is one', async () => {
    const changes = { requests_target: 1000 };
    const prod = await made('prod', changes);
    expect(prod.json).toContain('app/lb/1/targetgroup/blue/1');
    expect(policies(prod)).toContain('requests');
    expect(policies(await made('prod', changes, { loadBalancerArnSuffix: undefined }))).not.toContain('requests');
  });
});

describe('schedules', () => {
  it('run the market-data server on weekends only', async () => {
    const weekend = await made('examples/market-data/weekend');
    expect(targets(weekend)).toEqual([{ min: 0, max: 2, managed: true }]);
    expect(schedules(weekend)).toEqual({
      'blue_weekend-down': {
        schedule: 'cron(0 22 ? * SAT,SUN *)',
        min_capacity: '0',
        max_capacity: '0',
        ignored: false,
      },
      'blue_weekend-up': { schedule: 'cron(0 6 ? * SAT,SUN *)', min_capacity: '2', max_capacity: '2', ignored: false },
    });
    expect(weekend.one('aws_ecs_service').lifecycle).toEqual({ ignore_changes: ['desired_count'] });
  });

  it('wake the active colour only, until a cutover swaps them', async () => {
    const up = { schedule: 'cron(0 6 ? * SAT,SUN *)', ignored: true };
    const down = { schedule: 'cron(0 22 ? * SAT,SUN *)', min_capacity: '0', max_capacity: '0', ignored: true };
    expect(schedules(await made('examples/market-data/weekend', { blue_green: true }))).toEqual({
      'blue_weekend-up': { ...up, min_capacity: '2', max_capacity: '2' },
      'blue_weekend-down': down,
      'green_weekend-up': { ...up, min_capacity: '0', max_capacity: '0' },
      'green_weekend-down': down,
    });
  });

  it('change the bounds at other times too', async () => {
    const scale_schedules = { night: { cron: 'cron(0 20 ? * * *)', min: 1, max: 2 } };
    const alerts = await made('examples/alerts/prod', { scale_schedules });
    expect(schedules(alerts)).toEqual({
      blue_night: { schedule: 'cron(0 20 ? * * *)', min_capacity: '1', max_capacity: '2', ignored: false },
    });
    expect(targets(alerts)).toEqual([{ min: 2, max: 10, managed: true }]);
  });
});

describe('the repository', () => {
  it('is made where the settings name the one that the image lies in', async () => {
    const { containers, one } = await made('examples/tag-governance/prod');
    expect(one('aws_ecr_repository')).toMatchObject({ name: 'finops-tag-compliance-mcp', force_delete: false });
    expect(containers.repositoryUrl).toBeDefined();
  });

  it.each(['dev', 'examples/market-data/dev'])('of %s belongs to somebody else', async (name) => {
    expect((await made(name)).all('aws_ecr_repository')).toEqual({});
  });
});

describe('traces', () => {
  it('go through a collector in the task', async () => {
    const [own, collector] = containersOf(await made('prod'), 'countersign-prod-task');
    expect(own?.environment).toContainEqual({ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'http://localhost:4318' });
    expect(collector?.name).toBe('xray-collector');
    expect(containersOf(await made('staging'))).toHaveLength(1);
  });
});

describe('instances', () => {
  it('run what tasks would, without a cluster', async () => {
    const staging = await made('examples/startup/staging');
    expect(staging.addresses.filter((address) => address.startsWith('aws_ecs'))).toEqual([]);
    expect(staging.containers).toMatchObject({ cluster: undefined, services: {} });
    expect(staging.one('aws_autoscaling_group')).toMatchObject({
      min_size: 1,
      max_size: 2,
      vpc_zone_identifier: ['subnet-public-a', 'subnet-public-b'],
      target_group_arns: ['arn:aws:elasticloadbalancing:::targetgroup/blue/1'],
    });
    expect(staging.one('aws_launch_template')).toMatchObject({
      instance_type: 't3.micro',
      block_device_mappings: [{ ebs: { volume_size: 20, encrypted: 'true' } }],
    });
    expect(staging.one('aws_autoscaling_policy')).toMatchObject({
      target_tracking_configuration: { target_value: 60 },
    });
  });

  it('start the same image with the same variables and secrets', async () => {
    const { json } = await made('examples/startup/staging', { xray: true });
    const [boot] = Object.values((JSON.parse(json) as { locals: Record<string, string> }).locals);
    expect(boot).toContain(`export PORT='3000'`);
    expect(boot).toContain(`ENCRYPTION_KEY=$(secret '${secretArn('encryption-keys')}' 'encryption_key')`);
    expect(boot).toContain('111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign:v0.1.0');
    expect(boot).toContain('--name xray-collector');
  });

  it('need a profile', async () => {
    await expect(made('examples/startup/staging', {}, { instanceProfileName: undefined })).rejects.toThrow('profile');
  });
});
