/** What a cutover needs of an environment, made on the emulator by API calls, because Terraform would take minutes. */
import { ApplicationAutoScalingClient, RegisterScalableTargetCommand } from '@aws-sdk/client-application-auto-scaling';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretOfVariable } from '../../modules/secrets/header-secret.ts';
import type { Deployment } from '../../modules/stacks/deployment.ts';
import { standInKeys } from '../../modules/stacks/target.ts';
import { type MadeBalancer, makeBalancer } from '../../scripts/emulator/balancer.ts';
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

const found = (value: string | undefined, what: string): string => {
  if (value === undefined) throw new Error(`the emulator made no ${what}`);
  return value;
};

const placeOf = ({ endpoint }: EstateParts) => ({
  endpoint,
  credentials: { accessKeyId: standInKeys.accessKey, secretAccessKey: standInKeys.secretKey },
});

const clientsOf = (parts: EstateParts) => {
  const config = { ...placeOf(parts), region: parts.deployment.region };
  return {
    ecs: new ECSClient(config),
    scaling: new ApplicationAutoScalingClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    secrets: new SecretsManagerClient(config),
  };
};
type Clients = ReturnType<typeof clientsOf>;

const makeGroup = (
  balancer: MadeBalancer,
  { port, deployment: { settings } }: EstateParts,
  colour: Colour,
): Promise<string> =>
  balancer.group(`${colour}-proof`, port, {
    health: {
      HealthCheckPath: settings.health_check_path,
      HealthCheckIntervalSeconds: settings.health_check_interval_seconds,
      HealthCheckTimeoutSeconds: settings.health_check_timeout_seconds,
      HealthyThresholdCount: settings.health_check_healthy,
      UnhealthyThresholdCount: settings.health_check_unhealthy,
    },
    attributes: {
      'deregistration_delay.timeout_seconds': String(settings.deregistration_delay_seconds),
      'load_balancing.algorithm.type': 'least_outstanding_requests',
    },
  });

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
  const balancer = await makeBalancer(parts.deployment.region, loadBalancer, placeOf(parts));
  const groups = {
    blue: await makeGroup(balancer, parts, 'blue'),
    green: await makeGroup(balancer, parts, 'green'),
  };
  await clients.s3.send(new CreateBucketCommand({ Bucket: parts.deployment.settings.state_bucket }));
  await clients.secrets.send(
    new CreateSecretCommand({
      Name: parts.deployment.names.secret(secretOfVariable.preview_values),
      SecretString: JSON.stringify({ current: parts.previewSecret }),
    }),
  );
  const refusal = { StatusCode: '404', ContentType: 'application/json', MessageBody: '{"error":"not_found"}' };
  const listener = await balancer.listen({ Type: 'fixed-response', FixedResponseConfig: refusal });
  const rule = await balancer.lead(listener, groups, parts.previewSecret);
  await clients.ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  const services = {
    blue: await makeService(clients, parts, 'blue', groups.blue),
    green: await makeService(clients, parts, 'green', groups.green),
  };
  for (const client of Object.values(clients)) client.destroy();
  return { loadBalancer: balancer.arn, rule, groups, cluster, services };
};
