/** Questions to the log, for dashboard widgets and as saved queries of CloudWatch Logs Insights. */
import { CloudwatchQueryDefinition } from '@cdktf/provider-aws/lib/cloudwatch-query-definition/index.js';
import { Construct } from 'constructs';
import { type LogField, watchedTool } from '../../contracts/logs.ts';
import type { MetricContract } from '../../contracts/metric.ts';
import type { Dimension, MetricName } from '../../contracts/metrics.ts';

// A field that the contract does not have does not compile.
const field = (name: LogField): string => name;
const called = `filter ispresent(${field('tool')}) and ispresent(${field('outcome')})`;

/** Sum of a metric of the contract by one of its dimensions, from lines of the embedded metric format. */
export const sumBy = <M extends MetricName>(metric: M, by: Dimension<M>): string =>
  [`filter ispresent(${metric})`, `stats sum(${metric}) as total by ${by}`, 'sort total desc', 'limit 10'].join(' | ');

/** Sum of a metric of the contract over time. */
export const sumOverTime = <M extends MetricName>(metric: M, by: Dimension<M>): string =>
  [`filter ispresent(${metric})`, `stats sum(${metric}) as total by bin(1h), ${by}`].join(' | ');

/** The same of any metric over time: of a histogram the mean, of others the sum, by its first dimension where it has one. */
export const metricOverTime = (name: string, { kind, dimensions: [by] }: MetricContract): string =>
  [
    `filter ispresent(${name})`,
    `stats ${kind === 'counter' ? 'sum' : 'avg'}(${name}) as value by bin(1h)${by === undefined ? '' : `, ${by}`}`,
  ].join(' | ');

export const topTools = [called, `stats count(*) as calls by ${field('tool')}`, 'sort calls desc', 'limit 10'].join(
  ' | ',
);

export const callsByPerson = [
  called,
  `stats count(*) as calls by ${field('userId')}`,
  'sort calls desc',
  'limit 10',
].join(' | ');

export const budgetChanges = [
  `filter ${field('tool')} = "${watchedTool}" and ${field('outcome')} = "success"`,
  'stats count(*) as changes by bin(1h)',
].join(' | ');

export const safetyEvents = [
  `fields @timestamp, ${field('userId')}, ${field('tool')}, ${field('code')}, ${field('correlationId')}`,
  `filter ${field('outcome')} = "blocked"`,
  'sort @timestamp desc',
  'limit 50',
].join(' | ');

export const requestsByAddress = [
  `filter ispresent(${field('status')})`,
  `stats count(*) as requests by ${field('ip')}`,
  'sort requests desc',
  'limit 20',
].join(' | ');

/** On the web ACL's log, which knows the country of an address. */
export const requestsByCountry =
  'stats count(*) as requests by httpRequest.country as country, action | sort requests desc | limit 50';

export const slowestRoutes = [
  `filter ispresent(${field('status')})`,
  `stats count(*) as requests, pct(${field('milliseconds')}, 50) as p50, pct(${field('milliseconds')}, 99) as p99 by ${field('route')}`,
  'sort p99 desc',
  'limit 20',
].join(' | ');

export const failures = 'filter level in ["error", "fatal"] | sort @timestamp desc | limit 100';

export const refusals = [
  `filter ${field('status')} in [401, 403]`,
  `stats count(*) as refusals by ${field('ip')}, ${field('status')}`,
  'sort refusals desc',
  'limit 20',
].join(' | ');

/** What people ask of the service's log when something is wrong; `told` says what stands in it. */
export const savedQueries = (told: 'countersign' | 'json' | 'text'): Readonly<Record<string, string>> => ({
  ...(told === 'text' ? {} : { budgetChanges, callsByPerson, refusals, requestsByAddress, safetyEvents, topTools }),
  ...(told === 'countersign'
    ? { failures, slowestRoutes, toolErrors: sumBy('ToolErrors', 'Code'), upstreams: sumBy('UpstreamCalls', 'Service') }
    : {}),
});

export interface SavedQueriesProps {
  /** Folder they stand in. */
  readonly prefix: string;
  readonly logGroup: string;
  readonly queries: Readonly<Record<string, string>>;
}

export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { prefix, logGroup, queries }: SavedQueriesProps) {
    super(scope, id);
    for (const [name, query] of Object.entries(queries))
      new CloudwatchQueryDefinition(this, name, {
        name: `${prefix}/${name}`,
        queryString: query.replaceAll(' | ', '\n| '),
        logGroupNames: [logGroup],
      });
  }
}
