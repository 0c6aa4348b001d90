/** What the emulator's API says of a load balancer: rules, groups, and which targets are registered. */
import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { inOrder } from './routing.ts';

/** How a group's targets are looked after. Times are AWS's own. */
export interface GroupSettings {
  readonly path: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Checks in a row. */
  readonly healthy: number;
  readonly unhealthy: number;
  readonly deregistrationDelaySeconds: number;
  readonly leastOutstanding: boolean;
}

export interface SeenGroup {
  readonly arn: string;
  readonly settings: GroupSettings;
  /** Registered, as `<address>:<port>`. */
  readonly targets: readonly string[];
}

export interface Seen {
  readonly rules: readonly Rule[];
  readonly groups: readonly SeenGroup[];
}

/** Settings of groups hardly change: they are read again after so many looks. */
const SETTINGS_EVERY = 10;

const settingsOf = async (
  client: ElasticLoadBalancingV2Client,
  loadBalancer: string,
): Promise<ReadonlyMap<string, GroupSettings>> => {
  const { TargetGroups = [] } = await client.send(new DescribeTargetGroupsCommand({ LoadBalancerArn: loadBalancer }));
  const read = TargetGroups.map(async (group): Promise<readonly [string, GroupSettings]> => {
    const TargetGroupArn = group.TargetGroupArn ?? '';
    const { Attributes = [] } = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
    const attribute = (key: string): string => Attributes.find(({ Key }) => Key === key)?.Value ?? '';
    return [
      TargetGroupArn,
      {
        path: group.HealthCheckPath ?? '/',
        intervalSeconds: group.HealthCheckIntervalSeconds ?? 30,
        timeoutSeconds: group.HealthCheckTimeoutSeconds ?? 5,
        healthy: group.HealthyThresholdCount ?? 5,
        unhealthy: group.UnhealthyThresholdCount ?? 2,
        deregistrationDelaySeconds: Number(attribute('deregistration_delay.timeout_seconds')),
        leastOutstanding: attribute('load_balancing.algorithm.type') === 'least_outstanding_requests',
      },
    ];
  });
  return new Map(await Promise.all(read));
};

const registeredIn = async (client: ElasticLoadBalancingV2Client, arn: string): Promise<readonly string[]> => {
  const { TargetHealthDescriptions = [] } = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }));
  return TargetHealthDescriptions.flatMap(({ Target, TargetHealth }) =>
    TargetHealth?.State === 'draining' || Target?.Id === undefined ? [] : [`${Target.Id}:${Target.Port}`],
  );
};

/** A function that looks once. The listener is the one that forwards, not the one that sends people to HTTPS. */
export const watching = (client: ElasticLoadBalancingV2Client, loadBalancer: string): (() => Promise<Seen>) => {
  let looks = 0;
  let settings: ReadonlyMap<string, GroupSettings> = new Map();
  let listener: string | undefined;
  const listenerArn = async (): Promise<string> => {
    const { Listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn: loadBalancer }));
    const serving = Listeners.find(({ DefaultActions = [] }) =>
      DefaultActions.every(({ Type }) => Type !== 'redirect'),
    );
    if (serving?.ListenerArn === undefined) throw new Error(`${loadBalancer} has no listener that serves`);
    return serving.ListenerArn;
  };
  return async () => {
    listener ??= await listenerArn();
    if (looks++ % SETTINGS_EVERY === 0) settings = await settingsOf(client, loadBalancer);
    const [{ Rules = [] }, groups] = await Promise.all([
      client.send(new DescribeRulesCommand({ ListenerArn: listener })),
      Promise.all(
        [...settings].map(async ([arn, each]) => ({ arn, settings: each, targets: await registeredIn(client, arn) })),
      ),
    ]);
    return { rules: inOrder(Rules), groups };
  };
};
