/** The alarms that AWS watches itself while it replaces instances. */
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Deployment } from '../../../../modules/stacks/deployment.ts';
import { metricAlarmsOf } from '../../alarms/of-environment.ts';
import type { Guards } from './replace.ts';

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AlarmSpecification.html */
const MOST = 10;

/** Those of the load balancer: what the instances answer. All the others the cutover watches, as long as it runs. */
export const guardsOf =
  (client: CloudWatchClient, { settings }: Deployment): Guards =>
  async () =>
    (await metricAlarmsOf(client, settings, ({ Namespace }) => Namespace === 'AWS/ApplicationELB'))
      .flatMap(({ AlarmName }) => (AlarmName === undefined ? [] : [AlarmName]))
      .slice(0, MOST);
