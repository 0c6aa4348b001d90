/** An ECS cluster on Fargate. */
import { EcsCluster } from '@cdktf/provider-aws/lib/ecs-cluster/index.js';
import { EcsClusterCapacityProviders } from '@cdktf/provider-aws/lib/ecs-cluster-capacity-providers/index.js';
import { Construct } from 'constructs';

export interface ClusterProps {
  readonly name: string;
  /** Metrics of tasks and containers, which cost by their number. Default: on. */
  readonly insights?: boolean;
  /** Where sessions of ECS Exec are logged, and the key they and their logs are encrypted with. Default: no sessions. */
  readonly exec?: { readonly keyArn: string; readonly logGroupName: string } | undefined;
}

const sessions = ({ keyArn, logGroupName }: { keyArn: string; logGroupName: string }) => ({
  executeCommandConfiguration: {
    kmsKeyId: keyArn,
    logging: 'OVERRIDE',
    logConfiguration: { cloudWatchEncryptionEnabled: true, cloudWatchLogGroupName: logGroupName },
  },
});

export class Cluster extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, insights = true, exec }: ClusterProps) {
    super(scope, id);
    const cluster = new EcsCluster(this, 'cluster', {
      name,
      setting: [{ name: 'containerInsights', value: insights ? 'enabled' : 'disabled' }],
      ...(exec !== undefined && { configuration: sessions(exec) }),
    });
    const capacity = new EcsClusterCapacityProviders(this, 'capacity', {
      clusterName: cluster.name,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    });
    // A service may ask for Spot only once the cluster has it, so users of the name wait for both.
    this.name = capacity.clusterName;
    this.arn = cluster.arn;
  }
}
