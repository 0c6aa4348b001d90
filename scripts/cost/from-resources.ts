/** What synthesized resources cost a month each, however little they are used. */
import { type Line, line } from './line.ts';
import { prices } from './prices.ts';
import type { Item } from './services.ts';

type Block = Readonly<Record<string, unknown>>;
/** Resources of a type, one entry each. */
export type Resources = (type: string) => readonly Block[];

const list = (value: unknown): readonly Block[] => (Array.isArray(value) ? (value as Block[]) : []);

/** Metrics that an alarm reads, each of which is paid for. */
const metricsOf = (alarm: Block): number =>
  Math.max(1, list(alarm.metric_query).filter(({ metric }) => metric !== undefined).length);

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

type Row = readonly [item: Item, price: number, count: (of: Resources) => number];

const rows: readonly Row[] = [
  ['Web ACLs', prices.webAcl, (of) => of('aws_wafv2_web_acl').length],
  ['Rules of web ACLs', prices.webAclRule, (of) => sum(of('aws_wafv2_web_acl').map(({ rule }) => list(rule).length))],
  ['Keys', prices.key, (of) => of('aws_kms_key').length],
  [
    'Secrets',
    prices.secret,
    // RDS keeps the database's password in one more.
    (of) =>
      of('aws_secretsmanager_secret').length +
      of('aws_db_instance').filter(({ manage_master_user_password: managed }) => managed === true).length,
  ],
  ['Metrics that alarms read', prices.alarmMetric, (of) => sum(of('aws_cloudwatch_metric_alarm').map(metricsOf))],
  ['Composite alarms', prices.compositeAlarm, (of) => of('aws_cloudwatch_composite_alarm').length],
  [
    'Metrics taken from logs',
    prices.customMetric,
    (of) => new Set(of('aws_cloudwatch_log_metric_filter').map(({ name }) => name)).size,
  ],
  ['Dashboards', prices.dashboard, (of) => of('aws_cloudwatch_dashboard').length],
  ['Hosted zones', prices.zone, (of) => of('aws_route53_zone').length],
  ['Health checks', prices.healthCheck, (of) => of('aws_route53_health_check').length],
];

export const fromResources = (of: Resources): Line[] =>
  rows.flatMap(([item, price, count]) => {
    const found = count(of);
    return found === 0 ? [] : [line(item, `${found}`, found * price)];
  });
