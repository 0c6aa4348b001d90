/** Whether an environment has too many NAT gateways, or too few, by what went through them. */
import { CloudWatchClient, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import { EC2Client, type NatGateway, paginateDescribeNatGateways } from '@aws-sdk/client-ec2';
import type { Settings } from '../../../contracts/settings/resolve.ts';
import { natGateways } from '../../../contracts/settings/shape.ts';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { cents } from '../../cost/line.ts';
import { hoursAMonth, prices } from '../../cost/prices.ts';
import { type Period, USAGE_DAYS } from './usage.ts';

/** What went through all gateways of a region together. */
export interface Traffic {
  /** Hours for which CloudWatch has figures. */
  readonly hours: number;
  /** In either direction: NAT gateways charge both. */
  readonly bytes: number;
}

export interface JudgedNat {
  readonly region: string;
  readonly gateways: number;
  readonly hours: number;
  /** A month at this rate. */
  readonly gb: number;
  /** USD a month with so many gateways: as they are, one, one per zone. */
  readonly usd: { readonly now: number; readonly single: number; readonly perZone: number; readonly instance: number };
  readonly verdict: 'fewer' | 'more' | 'keep' | 'unknown';
  /** nat_mode. Absent where it stays. */
  readonly wanted?: 'single' | 'per-az';
  readonly why: string;
}

/** Hours that say anything. */
export const LEAST_HOURS = 24;
const GB = 1e9;
/** GB of a NAT instance's disk. */
const INSTANCE_DISK_GB = 8;

/** Gateways are in the first zones; what tasks of the other zones send and get crosses a border between two, each way. */
const betweenZones = (gb: number, gateways: number, zones: number): number =>
  gb * Math.max(0, 1 - gateways / zones) * 2 * prices.zoneGb;

const gatewaysUsd = (gb: number, gateways: number, zones: number): number =>
  cents(
    gateways * (prices.natGateway + prices.publicAddress) * hoursAMonth +
      gb * prices.natGb +
      betweenZones(gb, gateways, zones),
  );

/** The smallest instance that could do it, without a second one beside it. */
const instanceUsd = (gb: number, zones: number): number =>
  cents(
    (prices.natInstance + prices.publicAddress) * hoursAMonth +
      INSTANCE_DISK_GB * prices.diskGb +
      betweenZones(gb, 1, zones),
  );

const dollars = (usd: number): string => `${usd.toFixed(2)} USD a month`;

/** In production one gateway is never suggested in place of several: outbound calls would end with its zone. */
export const judgeNat = (settings: Settings, { hours, bytes }: Traffic): Omit<JudgedNat, 'region'> => {
  const gateways = natGateways(settings);
  const zones = settings.availability_zones.length;
  const gb = hours === 0 ? 0 : (bytes / GB / hours) * hoursAMonth;
  const usd = {
    now: gatewaysUsd(gb, gateways, zones),
    single: gatewaysUsd(gb, 1, zones),
    perZone: gatewaysUsd(gb, zones, zones),
    instance: instanceUsd(gb, zones),
  };
  const seen = { gateways, hours, gb, usd };
  if (hours < LEAST_HOURS)
    return { ...seen, verdict: 'unknown', why: `${hours} hours say too little: ${LEAST_HOURS} are needed` };
  const instance = `One NAT instance would cost ${dollars(usd.instance)}; this platform makes none, because nothing takes its place when it fails.`;
  const saved = cents(usd.now - usd.single);
  if (gateways < zones && usd.perZone < usd.now)
    return {
      ...seen,
      verdict: 'more',
      wanted: 'per-az',
      why: `what crosses zones costs more than further gateways: one per zone costs ${dollars(cents(usd.now - usd.perZone))} less. ${instance}`,
    };
  if (gateways === 1 || saved <= 0)
    return { ...seen, verdict: 'keep', why: `is the cheapest with gateways. ${instance}` };
  if (settings.kind === 'prod')
    return {
      ...seen,
      verdict: 'keep',
      why: `one would cost ${dollars(saved)} less, and outbound calls of all zones would end with its zone. ${instance}`,
    };
  return { ...seen, verdict: 'fewer', wanted: 'single', why: `one costs ${dollars(saved)} less. ${instance}` };
};

const idsOf = async ({ region, settings }: Deployment): Promise<readonly string[]> => {
  const client = new EC2Client({ region });
  const own = Object.entries({ Project: settings.project_name, Environment: settings.environment });
  const isOwn = ({ Tags = [] }: NatGateway): boolean =>
    own.every(([key, value]) => Tags.some(({ Key, Value }) => Key === key && Value === value));
  const ids: string[] = [];
  const Filter = [{ Name: 'state', Values: ['available'] }];
  for await (const { NatGateways = [] } of paginateDescribeNatGateways({ client }, { Filter }))
    ids.push(...NatGateways.filter(isOwn).flatMap(({ NatGatewayId }) => NatGatewayId ?? []));
  client.destroy();
  return ids;
};

/** https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html: from tasks, and back to them. */
const charged = ['BytesInFromSource', 'BytesInFromDestination'];

const trafficOf = async ({ region }: Deployment, ids: readonly string[], { from, to }: Period): Promise<Traffic> => {
  const client = new CloudWatchClient({ region });
  const queries = ids.flatMap((id, at) =>
    charged.map((MetricName, index) => ({
      Id: `m${at}x${index}`,
      MetricStat: {
        Metric: { Namespace: 'AWS/NATGateway', MetricName, Dimensions: [{ Name: 'NatGatewayId', Value: id }] },
        Period: 3600,
        Stat: 'Sum',
      },
    })),
  );
  const hours = new Set<number>();
  let bytes = 0;
  const asked = { StartTime: from, EndTime: to, MetricDataQueries: queries };
  for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, asked))
    for (const { Values = [], Timestamps = [] } of MetricDataResults) {
      for (const value of Values) bytes += value;
      for (const time of Timestamps) hours.add(time.getTime());
    }
  client.destroy();
  return { hours: Math.min(hours.size, USAGE_DAYS * 24), bytes };
};

/** None where the environment has no gateways. */
export const natIn = async (deployment: Deployment, period: Period): Promise<JudgedNat[]> => {
  if (natGateways(deployment.settings) === 0) return [];
  const ids = await idsOf(deployment);
  const traffic = ids.length === 0 ? { hours: 0, bytes: 0 } : await trafficOf(deployment, ids, period);
  return [{ region: deployment.region, ...judgeNat(deployment.settings, traffic) }];
};

/** nat_mode for all regions: fewer gateways where each region may have them, more where one needs them. */
export const wantedNat = (judged: readonly JudgedNat[]): 'single' | 'per-az' | undefined => {
  const known = judged.filter(({ verdict }) => verdict !== 'unknown');
  if (known.some(({ verdict }) => verdict === 'more')) return 'per-az';
  return known.length > 0 && known.every(({ verdict }) => verdict === 'fewer') ? 'single' : undefined;
};
