/** The service as a function: its log, its role, its variables and the secrets it reads when it starts. */
import { join, resolve } from 'node:path';
import { Construct } from 'constructs';
import type { VariableName } from '../../contracts/environment.ts';
import { containerEnvironment } from '../container/environment.ts';
import { containerSecrets } from '../container/secrets.ts';
import { functionLogGroup, LiveFunction } from '../function/function.ts';
import { QueueSource } from '../function/queue-source.ts';
import { LogGroup } from '../logs/log-group.ts';
import { FunctionRole } from '../roles/function-role.ts';
import type { Deployment } from './deployment.ts';
import { type Grantable, roleName, taskGrantsOf } from './grants.ts';
import type { NamedArn, NetworkOutputs } from './outputs.ts';

const built = resolve(import.meta.dirname, '..', '..', 'dist', 'functions');

/** Archive of a function that `npm run build` makes. */
export const archiveOf = ({ archives = built }: Deployment, name: 'service' | 'authorizer'): string =>
  join(archives, `${name}.zip`);

export interface ServiceFunctionProps extends Omit<Grantable, 'shell'> {
  readonly network: NetworkOutputs | undefined;
  readonly queueUrls: Readonly<Record<string, string>>;
  /** Origin people and clients type. */
  readonly publicUrl: string;
  /** SHA-256 of what CloudFront sends, as a JSON list; undefined where it is not asked for. */
  readonly originHashes: string | undefined;
}

/** Variable to `arn` or `arn:key`, as the function reads SECRETS_FROM. */
const secretsFrom = ({ deployment, storage }: ServiceFunctionProps): string => {
  const references = Object.entries(containerSecrets(deployment.settings)).map(([variable, { name, key }]) => {
    const arn = storage.secrets[name];
    if (arn === undefined) throw new Error(`the secret ${name} is missing`);
    return [variable, key === undefined ? arn : `${arn}:${key}`];
  });
  return JSON.stringify(Object.fromEntries(references));
};

/** Only what has no public address makes it join the VPC. */
const placement = ({ deployment: { shape }, network }: ServiceFunctionProps) => {
  const group = network?.securityGroups.tasks;
  if (!shape.vpc || network === undefined || group === undefined) return undefined;
  return { subnetIds: Object.values(network.privateSubnets), securityGroupIds: [group] };
};

export class ServiceFunction extends Construct {
  readonly function: NamedArn;
  /** What the API calls. */
  readonly alias: LiveFunction['alias'];
  readonly role: NamedArn;
  /** Name of its log group. */
  readonly logGroup: string;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { deployment, storage } = props;
    const { settings, names, target } = deployment;
    const name = names.of('service');
    const log = new LogGroup(this, 'log', {
      name: functionLogGroup(name),
      retentionDays: settings.log_retention_days,
      keyArn: storage.keys.logs,
    });
    const vpc = placement(props);
    const role = new FunctionRole(this, 'role', {
      ...taskGrantsOf(this.#grantable(props)),
      name: roleName(deployment, 'task-role'),
      accountId: settings.account_id,
      functionName: name,
      logGroupArn: log.arn,
      inVpc: vpc !== undefined,
    });
    const made = new LiveFunction(this, 'function', {
      name,
      description: `${settings.name_prefix}: the service`,
      archive: archiveOf(deployment, 'service'),
      handler: 'lambda.handler',
      architecture: settings.cpu_architecture,
      memory: settings.lambda_memory_mb,
      storage: settings.lambda_storage_mb,
      timeout: settings.lambda_timeout_seconds,
      roleArn: role.arn,
      environment: this.#variables(props),
      vpc,
      reservedConcurrency: settings.lambda_reserved_concurrency,
      // The emulator has none.
      provisionedConcurrency: target.kind === 'emulator' ? 0 : settings.lambda_provisioned_concurrency,
      versionIsManaged: settings.lambda_cutover,
      traces: settings.xray,
      dependsOn: [log.ready, ...(role.ready === undefined ? [] : [role.ready])],
    });
    if (props.jobsQueueArn !== undefined)
      new QueueSource(this, 'jobs', {
        queueArn: props.jobsQueueArn,
        // The alias: a cutover moves jobs to the next version with everything else.
        functionArn: made.alias.arn,
        dependsOn: role.ready === undefined ? [] : [role.ready],
      });
    this.function = { name, arn: made.arn };
    this.alias = made.alias;
    this.role = { name: role.name, arn: role.arn };
    this.logGroup = log.name;
  }

  #grantable({ deployment, storage, domain, auth, queueArns, jobsQueueArn }: ServiceFunctionProps): Grantable {
    return { deployment, storage, domain, auth, queueArns, jobsQueueArn };
  }

  #variables(props: ServiceFunctionProps): Record<string, string | undefined> {
    const { settings, shape, region } = props.deployment;
    const ofFunctions: Partial<Record<VariableName, string | undefined>> = {
      SECRETS_FROM: secretsFrom(props),
      ORIGIN_VERIFY_HASHES: props.originHashes,
    };
    return {
      ...containerEnvironment({
        ...props,
        settings,
        shape,
        region,
        mailSet: props.deployment.names.with('mail'),
        port: settings.container_port,
      }),
      ...ofFunctions,
    };
  }
}
