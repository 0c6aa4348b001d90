/** What runs the service's containers: ECS on Fargate, one service a colour, or a group of instances. */
import { Construct } from 'constructs';
import { LogGroup } from '../logs/log-group.ts';
import { Repository } from '../repository/repository.ts';
import type { Deployment } from './deployment.ts';
import { FargateServices } from './fargate-services.ts';
import { addInstances } from './instance-group.ts';
import type { Colour, Named } from './outputs.ts';
import type { WorkloadProps } from './workload.ts';

/**
 * The repository is this environment's own when the image lies in its registry under the name that `names.repository`
 * says; a registry that several environments share belongs to none of them.
 */
const ownRepository = ({ settings, region, names }: Deployment): string | undefined => {
  const name = names.of('repository');
  const path = `${settings.account_id}.dkr.ecr.${region}.amazonaws.com/${name}`;
  const here = [settings.image_blue, settings.image_green].some(
    (image) => image?.startsWith(`${path}:`) === true || image?.startsWith(`${path}@`) === true,
  );
  return here ? name : undefined;
};

export class Containers extends Construct {
  readonly cluster?: Named;
  /** Names by colour. */
  readonly services: Readonly<Partial<Record<Colour, string>>>;
  /** `service`, and `exec` with execute_command. */
  readonly logGroups: Readonly<Record<string, string>>;
  readonly scalingGroup?: Named;
  /** Key of the sessions of ECS Exec: the task role must be allowed to decrypt with it, and to write to their log. */
  readonly execKeyArn?: string;
  readonly repositoryUrl?: string;

  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    const { settings } = props.deployment;
    this.repositoryUrl = this.#repository(props);
    const service = this.#logs(props);
    if (settings.compute_mode === 'ec2') {
      this.scalingGroup = addInstances(this, props, service);
      this.services = {};
      this.logGroups = { service };
      return;
    }
    const { cluster, services, exec } = new FargateServices(this, 'fargate', { ...props, logGroupName: service });
    this.cluster = cluster;
    this.services = services;
    this.execKeyArn = exec?.keyArn;
    this.logGroups = { service, ...(exec !== undefined && { exec: exec.logGroupName }) };
  }

  #logs({ deployment: { settings, names }, storage }: WorkloadProps): string {
    return new LogGroup(this, 'logs', {
      name: names.of('log-group'),
      retentionDays: settings.log_retention_days,
      keyArn: storage.keys.logs,
    }).name;
  }

  #repository({ deployment, storage }: WorkloadProps): string | undefined {
    const name = ownRepository(deployment);
    if (name === undefined) return undefined;
    return new Repository(this, 'repository', {
      name,
      keyArn: storage.keys.data,
      forceDelete: !deployment.settings.deletion_protection,
    }).url;
  }
}
