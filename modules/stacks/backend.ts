/** What runs and how requests reach it. */
import { Construct } from 'constructs';
import { ContainerBackend } from './container-backend.ts';
import type { Deployment } from './deployment.ts';
import { publicUrlOf } from './hosts.ts';
import { EdgeFront, LoadBalancing } from './ingress.ts';
import type { AuthOutputs, BackendOutputs, DomainOutputs, NetworkOutputs, StorageOutputs } from './outputs.ts';
import { Work } from './work.ts';

export interface BackendProps {
  readonly deployment: Deployment;
  readonly network: NetworkOutputs | undefined;
  readonly storage: StorageOutputs;
  readonly domain: DomainOutputs;
  readonly auth: AuthOutputs;
}

export class BackendLayer extends Construct {
  readonly outputs: BackendOutputs;

  constructor(scope: Construct, id: string, props: BackendProps) {
    super(scope, id);
    const { deployment, network } = props;
    if (!deployment.shape.containers || network === undefined) {
      this.outputs = {
        publicUrl: '',
        logGroups: {},
        taskRole: { name: '', arn: '' },
        services: {},
        targetGroups: {},
        queues: {},
      };
      return;
    }
    const work = new Work(this, 'work', props);
    const balancing = new LoadBalancing(this, 'ingress', { ...props, network });
    const containers = new ContainerBackend(this, 'containers', {
      ...props,
      network,
      balancing,
      queueArns: work.queueArns,
    });
    const edge =
      deployment.shape.distribution && deployment.primary
        ? new EdgeFront(this, 'edge', { ...props, loadBalancer: balancing.loadBalancer, ready: balancing.ready })
        : undefined;
    this.outputs = {
      publicUrl: publicUrlOf(deployment) ?? `http://${balancing.loadBalancer?.dnsName ?? ''}`,
      logGroups: containers.logGroups,
      taskRole: { name: containers.role.name, arn: containers.role.arn },
      cluster: containers.cluster && { name: containers.cluster.name, arn: containers.cluster.arn },
      services: containers.services,
      loadBalancer: balancing.loadBalancer,
      targetGroups: balancing.targetGroups,
      distribution: edge?.distribution,
      scalingGroup: containers.scalingGroup && { name: containers.scalingGroup.name, arn: containers.scalingGroup.arn },
      queues: work.queues,
      webAcl: edge?.webAcl ?? balancing.webAcl,
    };
  }
}
