/** The clients of one region that a cutover of services calls with. */
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';

export interface FargateClients {
  readonly balancing: ElasticLoadBalancingV2Client;
  readonly ecs: ECSClient;
  readonly scaling: ApplicationAutoScalingClient;
  readonly metrics: CloudWatchClient;
}

/** An operator's calls share their quota with everything else in the account. */
const maxAttempts = 6;

export const fargateClients = (region: string): FargateClients => ({
  balancing: new ElasticLoadBalancingV2Client({ region, maxAttempts }),
  ecs: new ECSClient({ region, maxAttempts }),
  scaling: new ApplicationAutoScalingClient({ region, maxAttempts }),
  metrics: new CloudWatchClient({ region, maxAttempts }),
});
