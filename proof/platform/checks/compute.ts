/** Services with their tasks, instances, functions and how they scale, as AWS tells of them. */
import type { ContainerDefinition, Service } from '@aws-sdk/client-ecs';
import { environment as variables } from '../../../contracts/environment.ts';
import { containerSecrets } from '../../../modules/container/secrets.ts';
import { appliedNames } from '../applied.ts';
import type { ComputeSeen } from '../readback/compute.ts';
import { primary, type RegionSeen, type Told } from '../seen.ts';

interface Task {
  readonly family: string;
  readonly cpu: string;
  readonly memory: string;
  readonly container: string;
  readonly image: string;
  readonly port: number;
  readonly log: string;
}

const registry = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
/** By environment and service. */
const tasks: Readonly<Record<string, readonly [service: string, task: Task]>> = {
  dev: [
    'countersign-dev-service',
    task('countersign-dev-task', '512', '1024', 'countersign:v0.1.0', 3000, '/aws/ecs/countersign-dev'),
  ],
  staging: [
    'countersign-staging-service',
    task('countersign-staging-task', '1024', '2048', 'countersign:v0.1.0', 3000, '/aws/ecs/countersign-staging'),
  ],
  prod: [
    'countersign-prod-service',
    task('countersign-prod-task', '1024', '2048', 'countersign:v0.1.0', 3000, '/aws/ecs/countersign-prod'),
  ],
  'examples/marketing/prod': [
    'marketing-mcp-service',
    task('marketing-mcp-server', '1024', '2048', 'marketing-mcp-server:v1.0.0', 3000, '/aws/ecs/marketing-mcp-server'),
  ],
  'examples/tag-governance/prod': [
    'tagging-mcp-server',
    task('tagging-mcp-server', '2048', '4096', 'finops-tag-compliance-mcp:v2.0.0', 8080, '/ecs/tagging-mcp-server'),
  ],
  'examples/alerts/prod': [
    'alert-engine-backend-prod',
    task('alert-engine-prod-task', '1024', '2048', 'alert-engine:v1.0.0', 8000, '/aws/ecs/alert-engine-prod'),
  ],
  'examples/market-data/dev': [
    'app-service',
    {
      ...task('app-task', '1024', '3072', '', 8001, '/ecs/app-task'),
      container: 'app-server',
      image: 'ghcr.io/example-org/example-app:v1.0.0',
    },
  ],
};
function task(family: string, cpu: string, memory: string, image: string, port: number, log: string): Task {
  return { family, cpu, memory, port, log, container: 'mcp-server', image: `${registry}/${image}` };
}

/** Share of Spot, tasks of each colour, public addresses. */
const services: Readonly<
  Record<string, { provider: string; counts: readonly number[]; publicIp?: true; shell?: true }>
> = {
  dev: { provider: 'FARGATE_SPOT', counts: [2], shell: true },
  staging: { provider: 'FARGATE_SPOT', counts: [3, 0] },
  prod: { provider: 'FARGATE', counts: [3, 0] },
  'examples/marketing/prod': { provider: 'FARGATE', counts: [3] },
  'examples/tag-governance/prod': { provider: 'FARGATE', counts: [2, 0] },
  'examples/alerts/prod': { provider: 'FARGATE', counts: [2] },
  'examples/market-data/dev': { provider: 'FARGATE', counts: [2], publicIp: true },
};

const named = ({ services: all }: ComputeSeen): Readonly<Record<string, Service>> =>
  Object.fromEntries(all.map((service) => [service.serviceName ?? '', service]));

const containerOf = ({ compute }: RegionSeen, service: string, name: string): ContainerDefinition => {
  const found = compute.tasks[service]?.containerDefinitions?.find((container) => container.name === name);
  if (found === undefined) throw new Error(`${service} runs no ${name}`);
  return found;
};

const checkTasks = (told: Told): void => {
  it.each(Object.entries(tasks))('of %s run what the settings say, in %s', async (name, [service, expected]) => {
    const region = await primary(told, name);
    const { family, cpu, memory, requiresCompatibilities, networkMode } = region.compute.tasks[service] ?? {};
    expect({ family, cpu, memory, requiresCompatibilities, networkMode }).toEqual({
      family: expected.family,
      cpu: expected.cpu,
      memory: expected.memory,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
    });
    expect(containerOf(region, service, expected.container)).toMatchObject({
      image: expected.image,
      portMappings: [{ containerPort: expected.port, protocol: 'tcp' }],
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': expected.log } },
      readonlyRootFilesystem: region.settings.readonly_root,
    });
  });

  it.each(Object.entries(tasks))(
    'of %s get the secrets of the contract by reference, no value',
    async (name, [service, { container }]) => {
      const region = await primary(told, name);
      const { environment = [], secrets = [] } = containerOf(region, service, container);
      const given = Object.fromEntries(secrets.map(({ name: variable, valueFrom }) => [variable, valueFrom]));
      const prefix = `arn:aws:secretsmanager:${region.settings.regions[0]}:111122223333:secret:${region.settings.secret_prefix}/`;
      expect(Object.keys(given).toSorted()).toEqual(Object.keys(containerSecrets(region.settings)).toSorted());
      for (const reference of Object.values(given)) expect(reference).toMatch(new RegExp(`^${prefix}`));
      const names = environment.map((variable) => variable.name ?? '');
      if (region.settings.container === 'countersign') {
        for (const variable of names) expect(Object.keys(variables)).toContain(variable);
        for (const variable of Object.keys(given)) expect(names).not.toContain(variable);
      } else expect(names).toEqual(expect.arrayContaining(Object.keys(region.settings.container_env)));
    },
  );
};

const checkServices = (told: Told): void => {
  it.each(Object.entries(services))(
    'of %s: %j',
    async (name, { provider, counts, publicIp = false, shell = false }) => {
      const region = await primary(told, name);
      const all = region.compute.services.toSorted((a, b) => (a.serviceName ?? '').localeCompare(b.serviceName ?? ''));
      expect(all.map(({ desiredCount }) => desiredCount)).toEqual(counts);
      for (const service of all)
        expect(service).toMatchObject({
          capacityProviderStrategy: [expect.objectContaining({ capacityProvider: provider, weight: 100 })],
          deploymentConfiguration: {
            deploymentCircuitBreaker: { enable: true, rollback: true },
            maximumPercent: 200,
            minimumHealthyPercent: 100,
          },
          networkConfiguration: { awsvpcConfiguration: { assignPublicIp: publicIp ? 'ENABLED' : 'DISABLED' } },
          propagateTags: 'SERVICE',
        });
      expect(all.some(({ enableExecuteCommand }) => enableExecuteCommand === true)).toBe(shell);
    },
  );

  it.each(Object.keys(services))('of %s stand in their target groups at their ports', async (name) => {
    const { compute, ingress, settings } = await primary(told, name);
    const [service = '', expected] = tasks[name] ?? [];
    const [balancer] = named(compute)[service]?.loadBalancers ?? [];
    expect(balancer).toMatchObject({ containerName: expected?.container, containerPort: settings.port_blue });
    expect(ingress.targetGroups.map(({ group }) => group.TargetGroupArn)).toContain(balancer?.targetGroupArn);
  });

  it('of the market-data server are found by name', async () => {
    for (const { compute } of await told('examples/market-data/dev'))
      expect(compute.services[0]?.serviceRegistries).toHaveLength(1);
  });

  it('are none elsewhere', async () => {
    const without = appliedNames.filter((name) => services[name] === undefined);
    expect(without).toHaveLength(2);
    for (const name of without) expect((await primary(told, name)).compute.services).toEqual([]);
  });
};

const checkOthers = (told: Told): void => {
  it('the startup’s staging is one to two t3.micro, encrypted, reached by nobody', async () => {
    const { compute } = await primary(told, 'examples/startup/staging');
    expect(compute.groups).toMatchObject([{ MinSize: 1, MaxSize: 2, DesiredCapacity: 1, HealthCheckType: 'ELB' }]);
    expect(compute.groupPolicies).toMatchObject([{ TargetTrackingConfiguration: { TargetValue: 60 } }]);
    const [template] = Object.values(compute.templates);
    expect(template).toMatchObject({
      InstanceType: 't3.micro',
      MetadataOptions: { HttpTokens: 'required' },
      BlockDeviceMappings: [{ Ebs: { Encrypted: true, VolumeType: 'gp3', VolumeSize: 20 } }],
    });
    expect(template?.KeyName).toBeUndefined();
  });

  it('the startup’s production is a function on ARM64, with 1024 MB and 29 s', async () => {
    const { functions } = (await primary(told, 'examples/startup/prod')).compute;
    expect(functions.find(({ FunctionName }) => FunctionName === 'startup-mcp-prod-service')).toMatchObject({
      MemorySize: 1024,
      Timeout: 29,
      Architectures: ['arm64'],
      Runtime: 'nodejs22.x',
      TracingConfig: { Mode: 'Active' },
    });
  });

  it.each(['dev', 'staging', 'prod', 'examples/marketing/prod', 'examples/startup/prod'])(
    'the authorizer of %s has 256 MB and 5 s',
    async (name) => {
      const { functions } = (await primary(told, name)).compute;
      expect(functions.filter(({ FunctionName }) => FunctionName?.endsWith('-authorizer'))).toMatchObject([
        { MemorySize: 256, Timeout: 5 },
      ]);
    },
  );

  it.each(['dev', 'prod', 'examples/market-data/dev'])(
    'the cluster of %s tells what its containers use',
    async (name) => {
      for (const { compute } of await told(name))
        expect(compute.clusters).toMatchObject([
          { settings: [{ name: 'containerInsights', value: expect.stringMatching(/^(enabled|enhanced)$/) }] },
        ]);
    },
  );
};

export const checkCompute = (told: Told): void => {
  describe('tasks', () => checkTasks(told));
  describe('services', () => checkServices(told));
  describe('instances and functions', () => checkOthers(told));
};
