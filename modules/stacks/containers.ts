/** What runs the service's containers: ECS on Fargate, one service a colour, or a group of instances. */
import { Construct } from 'constructs';
import { Repository } from '../repository/repository.ts';
import type { Deployment } from './deployment.ts';
import { FargateServices } from './fargate-services.ts';
import { addInstances } from './instance-group.ts';
import type { NamedArn } from './outputs.ts';
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
  readonly cluster?: NamedArn;
  /** Names by colour. */
  readonly services: Readonly<Record<string, string>>;
  readonly scalingGroup?: NamedArn;
  readonly repositoryUrl?: string;

  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    const { settings } = props.deployment;
    this.repositoryUrl = this.#repository(props);
    if (settings.compute_mode === 'ec2') {
      this.scalingGroup = addInstances(this, props);
      this.services = {};
      return;
    }
    const { cluster, services } = new FargateServices(this, 'fargate', props);
    this.cluster = cluster;
    this.services = services;
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
