/** What the settings of an environment cost in one region by the hour. */

import type { Settings } from '../../contracts/settings/resolve.ts';
import { natGateways, shapeOf } from '../../contracts/settings/shape.ts';
import { loadBalancerHoursAWeek } from '../../contracts/settings/weekend.ts';
import { type Estimate, type Line, line } from './line.ts';
import { hoursAMonth, priceOf, prices, weeksAMonth } from './prices.ts';

/** Hours a month in which there are tasks. */
export const hoursOf = ({ weekend_only, weekend_hours_start, weekend_hours_end }: Settings): number =>
  weekend_only ? (weekend_hours_end - weekend_hours_start) * 2 * weeksAMonth : hoursAMonth;

const comesAndGoes = (settings: Settings): boolean => settings.weekend_only && settings.destroy_albs_when_scaled_down;

/** One that comes and goes is there before and after the tasks, and in the night between the two days. */
const loadBalancerHours = (settings: Settings): number =>
  comesAndGoes(settings) ? loadBalancerHoursAWeek(settings) * weeksAMonth : hoursAMonth;

const hours = (value: number): string => `${Math.round(value)} h`;
const unpriced = (what: string): Estimate => ({ lines: [], leftOut: [`${what}: no price for it in the table`] });
const priced = (...lines: Line[]): Estimate => ({ lines, leftOut: [] });
const nothing = priced();

type Part = (settings: Settings) => Estimate;

const tasks: Part = (settings) => {
  if (settings.compute_mode !== 'fargate') return nothing;
  const { task_cpu, task_memory, task_storage_gb, cpu_architecture, spot_share, spot_base } = settings;
  const { min_count: count, max_count } = settings;
  const { vcpu, gb } = prices.fargate[cpu_architecture];
  const onDemand = Math.min(count, spot_base);
  const spot = ((count - onDemand) * spot_share) / 100;
  const each = (task_cpu / 1024) * vcpu + (task_memory / 1024) * gb;
  const running = hoursOf(settings);
  const storage = (task_storage_gb - 20) * prices.fargate.storageGb;
  const cost = ((count - spot + spot * prices.fargate.spot) * each + count * storage) * running;
  const size = `${task_cpu / 1024} vCPU, ${task_memory / 1024} GB${storage > 0 ? `, ${task_storage_gb} GB storage` : ''}, ${cpu_architecture}`;
  return {
    lines: [line('Tasks', `${count} x ${size}${spot > 0 ? `, ${spot_share} % Spot` : ''}, ${hours(running)}`, cost)],
    leftOut: max_count > count ? [`Tasks above ${count}, up to ${max_count}`] : [],
  };
};

const instances: Part = ({ compute_mode, instance_type, min_count: count, instance_disk_gb }) => {
  if (compute_mode !== 'ec2') return nothing;
  const price = priceOf(prices.instance, instance_type);
  if (price === undefined) return unpriced(`Instances ${instance_type}`);
  return priced(
    line('Instances', `${count} x ${instance_type}`, count * price * hoursAMonth),
    line('Instance disks', `${count} x ${instance_disk_gb} GB gp3`, count * instance_disk_gb * prices.diskGb),
  );
};

const warmFunctions: Part = (settings) => {
  const { compute_mode, lambda_memory_mb, lambda_provisioned_concurrency: warm, cpu_architecture } = settings;
  if (compute_mode !== 'lambda' || warm === 0) return nothing;
  const cost = warm * (lambda_memory_mb / 1024) * prices.function.provisionedGbSecond[cpu_architecture] * hoursAMonth;
  return priced(line('Warm functions', `${warm} x ${lambda_memory_mb} MB`, cost * 3600));
};

const loadBalancer: Part = (settings) => {
  if (!shapeOf(settings).loadBalancer) return nothing;
  const all = loadBalancerHours(settings);
  const running = comesAndGoes(settings) ? hoursOf(settings) : all;
  return {
    lines: [
      line('Load balancer', hours(running), prices.loadBalancer * running),
      ...(all > running
        ? [line('Load balancer without tasks', hours(all - running), prices.loadBalancer * (all - running))]
        : []),
    ],
    leftOut: ['Load balancer capacity units, 0.008 each an hour'],
  };
};

const nat: Part = (settings) => {
  const gateways = natGateways(settings);
  if (gateways === 0) return nothing;
  return {
    lines: [line('NAT gateways', `${gateways}`, gateways * prices.natGateway * hoursAMonth)],
    leftOut: [`Data through NAT, ${prices.natGb} a GB`],
  };
};

const addresses: Part = (settings) => {
  const { loadBalancer: balanced, publicTasks } = shapeOf(settings);
  const balancer = balanced && !settings.alb_internal ? settings.availability_zones.length : 0;
  const running = publicTasks ? settings.min_count : 0;
  const gateways = natGateways(settings);
  const count = balancer + running + gateways;
  if (count === 0) return nothing;
  const used = balancer * loadBalancerHours(settings) + running * hoursOf(settings) + gateways * hoursAMonth;
  const detail = `${balancer} load balancer, ${running} tasks, ${gateways} NAT`;
  return priced(line('Public IPv4 addresses', detail, used * prices.publicAddress));
};

const endpoints: Part = ({ vpc_endpoints: { length: count }, availability_zones: { length: zones } }) =>
  count === 0
    ? nothing
    : priced(
        line(
          'Interface endpoints',
          `${count} x ${zones} zones`,
          count * zones * prices.interfaceEndpoint * hoursAMonth,
        ),
      );

const database: Part = (settings) => {
  const { store_mode, db_class, db_gb, db_multi_az } = settings;
  if (store_mode !== 'postgres') return nothing;
  const price = priceOf(prices.database, db_class);
  if (price === undefined) return unpriced(`Database ${db_class}`);
  const copies = db_multi_az ? 2 : 1;
  const kind = `${db_class}${db_multi_az ? ', Multi-AZ' : ''}`;
  return {
    lines: [
      line('Database', kind, copies * price * hoursAMonth),
      line('Database storage', `${db_gb} GB gp3 x ${copies}`, copies * db_gb * prices.databaseGb),
    ],
    leftOut: ['Backups of the database beyond its own size'],
  };
};

const cache: Part = ({ cache_enabled, cache_engine, cache_node, cache_nodes }) => {
  if (!cache_enabled) return nothing;
  const price = priceOf(prices.cache[cache_engine], cache_node);
  if (price === undefined) return unpriced(`Cache ${cache_node}`);
  return priced(line('Cache', `${cache_nodes} x ${cache_node}, ${cache_engine}`, cache_nodes * price * hoursAMonth));
};

const byUse: Part = (settings) => {
  const { waf, httpApi, distribution } = shapeOf(settings);
  const told: [boolean, string][] = [
    [settings.compute_mode === 'lambda', 'Function requests and run time'],
    [httpApi, `HTTP API requests, ${prices.apiMillionRequests} a million; its authorizer's run time`],
    [distribution, `CloudFront data and requests, ${prices.distributionTenThousandRequests} per 10,000`],
    [waf !== 'none', `Requests that the web ACL sees, ${prices.webAclMillionRequests} a million`],
    [settings.store_mode === 'dynamodb', 'DynamoDB reads, writes, storage, backups'],
    [settings.guardduty, 'GuardDuty, by events and flow log volume'],
    [settings.cloudtrail, 'CloudTrail, where another trail of the account records the same; its copy in the logs'],
    [settings.xray, 'X-Ray traces'],
    [settings.auth === 'cognito', 'Cognito above 10,000 people a month'],
    [settings.container === 'countersign', `Metrics of the service, ${prices.customMetric} a series`],
    [settings.container_insights && settings.compute_mode === 'fargate', 'Container Insights'],
    [settings.mail_domain !== undefined, 'Mail'],
    [
      true,
      `Logs, ${prices.logGb} a GB taken in; buckets; data out to the internet and between zones; DNS queries; tax`,
    ],
  ];
  return { lines: [], leftOut: told.flatMap(([applies, what]) => (applies ? [what] : [])) };
};

const parts: readonly Part[] = [
  tasks,
  instances,
  warmFunctions,
  loadBalancer,
  nat,
  addresses,
  endpoints,
  database,
  cache,
  byUse,
];

export const fromSettings = (settings: Settings): Estimate => {
  const made = parts.map((part) => part(settings));
  return { lines: made.flatMap(({ lines }) => lines), leftOut: made.flatMap(({ leftOut }) => leftOut) };
};
