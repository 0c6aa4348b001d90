/** What a cutover needs of an environment, made on the emulator by API calls, because Terraform would take minutes. */
import { ApplicationAutoScalingClient, RegisterScalableTargetCommand } from '@aws-sdk/client-application-auto-scaling';
import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { previewHeader, previewValue } from '../../contracts/preview.ts';
import { secretOfVariable } from '../../modules/secrets/header-secret.ts';
import type { Deployment } from '../../modules/stacks/deployment.ts';
import { standInKeys } from '../../modules/stacks/target.ts';
import { runningNames } from '../../scripts/operate/running.ts';

export type Colour = 'blue' | 'green';

export interface EstateParts {
  /** Where the emulator's API listens. */
  readonly endpoint: string;
  readonly deployment: Deployment;
  /** Port that the containers listen on, as targets. */
  readonly port: number;
  /** How many tasks the active colour has. */
  readonly desired: number;
  /** Opens the preview of a colour. */
  readonly previewSecret: string;
}

/** Blue is active, green is idle. */
export interface Estate {
  /** ARNs. */
  readonly loadBalancer: string;
  readonly rule: string;
  readonly groups: Readonly<Record<Colour, string>>;
  /** Names. */
  readonly cluster: string;
  readonly services: Readonly<Record<Colour, string>>;
}

const colours = ['blue', 'green'] as const;

const found = (value: string | undefined, what: string): string => {
  if (value === undefined) throw new Error(`the emulator made no ${what}`);
  return value;
};

const clientsOf = ({ endpoint, deployment: { region } }: EstateParts) => {
  const config = {
    endpoint,
    region,
    credentials: { accessKeyId: standInKeys.accessKey, secretAccessKey: standInKeys.secretKey },
  };
  return {
    balancing: new ElasticLoadBalancingV2Client(config),
    ecs: new ECSClient(config),
    ec2: new EC2Client(config),
    scaling: new ApplicationAutoScalingClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    secrets: new SecretsManagerClient(config),
  };
};
type Clients = ReturnType<typeof clientsOf>;

const makeGroup = async (
  { balancing }: Clients,
  { port, deployment: { settings } }: EstateParts,
  colour: Colour,
  vpc: string,
): Promise<string> => {
  const { TargetGroups } = await balancing.send(
    new CreateTargetGroupCommand({
      Name: `${colour}-proof`,
      Protocol: 'HTTP',
      Port: port,
      VpcId: vpc,
      TargetType: 'ip',
      HealthCheckPath: settings.health_check_path,
      HealthCheckIntervalSeconds: settings.health_check_interval_seconds,
      HealthCheckTimeoutSeconds: settings.health_check_timeout_seconds,
      HealthyThresholdCount: settings.health_check_healthy,
      UnhealthyThresholdCount: settings.health_check_unhealthy,
    }),
  );
  const arn = found(TargetGroups?.[0]?.TargetGroupArn, 'target group');
  const Attributes = [
    { Key: 'deregistration_delay.timeout_seconds', Value: String(settings.deregistration_delay_seconds) },
    { Key: 'load_balancing.algorithm.type', Value: 'least_outstanding_requests' },
  ];
  await balancing.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes }));
  return arn;
};

const makeRules = async (
  { balancing }: Clients,
  { previewSecret }: EstateParts,
  loadBalancer: string,
  groups: Estate['groups'],
): Promise<string> => {
  const refusal = { StatusCode: '404', ContentType: 'application/json', MessageBody: '{"error":"not_found"}' };
  const { Listeners } = await balancing.send(
    new CreateListenerCommand({
      LoadBalancerArn: loadBalancer,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: refusal }],
    }),
  );
  const ListenerArn = found(Listeners?.[0]?.ListenerArn, 'listener');
  // The live rule first: rules are looked at by priority, whatever their order is.
  const { Rules } = await balancing.send(
    new CreateRuleCommand({
      ListenerArn,
      Priority: 100,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
      Actions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: colours.map((colour) => ({
              TargetGroupArn: groups[colour],
              Weight: colour === 'blue' ? 100 : 0,
            })),
            TargetGroupStickinessConfig: { Enabled: false, DurationSeconds: 1 },
          },
        },
      ],
    }),
  );
  for (const [index, colour] of colours.entries())
    await balancing.send(
      new CreateRuleCommand({
        ListenerArn,
        Priority: 10 + index,
        Conditions: [
          {
            Field: 'http-header',
            HttpHeaderConfig: { HttpHeaderName: previewHeader, Values: [previewValue(colour, previewSecret)] },
          },
        ],
        Actions: [{ Type: 'forward', TargetGroupArn: groups[colour] }],
      }),
    );
  return found(Rules?.[0]?.RuleArn, 'rule');
};

const makeService = async (
  { ecs, scaling }: Clients,
  { deployment, port, desired }: EstateParts,
  colour: Colour,
  targetGroupArn: string,
): Promise<string> => {
  const { cluster, services } = runningNames(deployment);
  const { settings } = deployment;
  const serviceName = found(services[colour], `${colour} service`);
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: serviceName,
      containerDefinitions: [
        {
          name: settings.container_name,
          image: settings[`image_${colour}`],
          memory: 512,
          portMappings: [{ containerPort: port }],
          environment: [{ name: 'DEPLOYMENT_COLOUR', value: colour }],
        },
      ],
    }),
  );
  const count = colour === 'blue' ? desired : 0;
  await ecs.send(
    new CreateServiceCommand({
      cluster,
      serviceName,
      taskDefinition: taskDefinition?.taskDefinitionArn,
      desiredCount: count,
      launchType: 'FARGATE',
      loadBalancers: [{ targetGroupArn, containerName: settings.container_name, containerPort: port }],
    }),
  );
  await scaling.send(
    new RegisterScalableTargetCommand({
      ServiceNamespace: 'ecs',
      ResourceId: `service/${cluster}/${serviceName}`,
      ScalableDimension: 'ecs:service:DesiredCount',
      MinCapacity: count,
      MaxCapacity: colour === 'blue' ? 10 : 0,
    }),
  );
  return serviceName;
};

export const makeEstate = async (parts: EstateParts): Promise<Estate> => {
  const clients = clientsOf(parts);
  const { cluster, loadBalancer } = runningNames(parts.deployment);
  const { Subnets = [] } = await clients.ec2.send(new DescribeSubnetsCommand({}));
  const made = await clients.balancing.send(
    new CreateLoadBalancerCommand({
      Name: loadBalancer,
      Subnets: Subnets.slice(0, 2).map(({ SubnetId = '' }) => SubnetId),
    }),
  );
  const balancer = found(made.LoadBalancers?.[0]?.LoadBalancerArn, 'load balancer');
  const vpc = found(Subnets[0]?.VpcId, 'VPC');
  const groups = {
    blue: await makeGroup(clients, parts, 'blue', vpc),
    green: await makeGroup(clients, parts, 'green', vpc),
  };
  await clients.s3.send(new CreateBucketCommand({ Bucket: parts.deployment.settings.state_bucket }));
  await clients.secrets.send(
    new CreateSecretCommand({
      Name: parts.deployment.names.secret(secretOfVariable.preview_values),
      SecretString: JSON.stringify({ current: parts.previewSecret }),
    }),
  );
  const rule = await makeRules(clients, parts, balancer, groups);
  await clients.ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  const services = {
    blue: await makeService(clients, parts, 'blue', groups.blue),
    green: await makeService(clients, parts, 'green', groups.green),
  };
  for (const client of Object.values(clients)) client.destroy();
  return { loadBalancer: balancer, rule, groups, cluster, services };
};
