/** What the load balancer counts, and tells CloudWatch. */
import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Passed } from './forward.ts';

/** Counts of one group since the start. */
export interface Counts {
  readonly requests: number;
  /** By the targets' own status, such as `2XX`. */
  readonly statuses: Readonly<Record<string, number>>;
}

export interface Measures {
  /** @param group ARN; undefined where no group was chosen */
  note(group: string | undefined, passed: Passed): void;
  /** Since the start, by ARN of the group. */
  counts(): Readonly<Record<string, Counts>>;
  /** Statuses that the balancer gave itself, in order. */
  own(): readonly number[];
  /** Sends what was counted since the last time. @param hosts healthy and unhealthy targets, by ARN of the group */
  publish(hosts: Readonly<Record<string, readonly [healthy: number, unhealthy: number]>>): Promise<void>;
}

/** CloudWatch takes 150 values a datum; the slowest of more are kept, because what is watched is the 99th percentile. */
const VALUES = 150;

const suffixOf = (arn: string): string => arn.replace(/^.*:(targetgroup\/)/, '$1').replace(/^.*:loadbalancer\//, '');

const classOf = (status: number): string => `${Math.floor(status / 100)}XX`;

interface Since {
  readonly times: number[];
  readonly statuses: Map<string, number>;
}

const fresh = (): Since => ({ times: [], statuses: new Map() });

export const openMeasures = (client: CloudWatchClient, loadBalancer: string): Measures => {
  const totals = new Map<string, Since>();
  let since = new Map<string, Since>();
  const own: number[] = [];
  let ownSince: number[] = [];
  const of = (all: Map<string, Since>, arn: string): Since => {
    const found = all.get(arn) ?? fresh();
    all.set(arn, found);
    return found;
  };
  const balancer = { Name: 'LoadBalancer', Value: suffixOf(loadBalancer) };
  const data = (hosts: Parameters<Measures['publish']>[0]): MetricDatum[] => {
    const of5xx = ownSince.filter((status) => status >= 500).length;
    const groups = Object.entries(hosts).flatMap(([arn, [healthy, unhealthy]]): MetricDatum[] => {
      const { times, statuses } = since.get(arn) ?? fresh();
      const Dimensions = [balancer, { Name: 'TargetGroup', Value: suffixOf(arn) }];
      const datum = (MetricName: string, Value: number): MetricDatum => ({ MetricName, Value, Dimensions });
      const slowest = times.toSorted((a, b) => b - a).slice(0, VALUES);
      return [
        datum('HealthyHostCount', healthy),
        datum('UnHealthyHostCount', unhealthy),
        // As on AWS, counts are told only where there is something to count.
        ...(times.length > 0 ? [datum('RequestCount', times.length)] : []),
        ...[...statuses].map(([name, count]) => datum(`HTTPCode_Target_${name}_Count`, count)),
        ...(slowest.length > 0
          ? [{ MetricName: 'TargetResponseTime', Unit: 'Seconds' as const, Values: slowest, Dimensions }]
          : []),
      ];
    });
    return of5xx === 0
      ? groups
      : [...groups, { MetricName: 'HTTPCode_ELB_5XX_Count', Value: of5xx, Dimensions: [balancer] }];
  };
  return {
    note: (group, { by, status, took }) => {
      if (by === 'balancer') {
        own.push(status);
        ownSince.push(status);
      }
      if (group === undefined) return;
      for (const all of [totals, since]) {
        const { times, statuses } = of(all, group);
        times.push(took / 1000);
        if (by === 'target') statuses.set(classOf(status), (statuses.get(classOf(status)) ?? 0) + 1);
      }
    },
    counts: () =>
      Object.fromEntries(
        [...totals].map(([arn, { times, statuses }]) => [
          arn,
          { requests: times.length, statuses: Object.fromEntries(statuses) },
        ]),
      ),
    own: () => [...own],
    publish: async (hosts) => {
      const MetricData = data(hosts).map((datum) => ({ ...datum, Timestamp: new Date() }));
      since = new Map();
      ownSince = [];
      if (MetricData.length > 0)
        await client.send(new PutMetricDataCommand({ Namespace: 'AWS/ApplicationELB', MetricData }));
    },
  };
};
