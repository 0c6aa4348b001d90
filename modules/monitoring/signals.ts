/**
 * Counts that CloudWatch Logs takes from the log of one environment. The service's own metrics carry no environment,
 * so two environments of an account would sound one another's alarms; its log group is its own.
 */
import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter/index.js';
import { Construct } from 'constructs';
import type { LogField } from '../../contracts/logs.ts';
import type { Dimensions, MetricName } from '../../contracts/metrics.ts';
import type { Metric } from './metric.ts';

/** Which lines count, and for how much. */
export interface LogPattern {
  readonly pattern: string;
  readonly value: string;
}

type Test = readonly [field: string, operator: '=' | '>=', value: string | number];

const test = ([field, operator, value]: Test): string =>
  `($.${field} ${operator} ${typeof value === 'string' ? `"${value}"` : value})`;
const all = (tests: readonly Test[]): string => `{ ${tests.map(test).join(' && ')} }`;

/** Lines of the embedded metric format, counted by the value of a pack's metric. Dimensions left out are summed over. */
export const emittedBy = (metric: string, dimensions: Readonly<Record<string, string>> = {}): LogPattern => ({
  pattern: all([[metric, '>=', 0], ...Object.entries(dimensions).map(([name, value]): Test => [name, '=', value])]),
  value: `$.${metric}`,
});

/** The same of a metric that the contract names. */
export const emitted = <M extends MetricName>(metric: M, dimensions: Partial<Dimensions<M>> = {}): LogPattern =>
  emittedBy(metric, dimensions as Record<string, string>);

/** Lines of the embedded metric format in which a metric has one value. */
export const reads = <M extends MetricName>(metric: M, value: number): LogPattern => ({
  pattern: all([[metric, '=', value]]),
  value: '1',
});

/** Lines whose fields have these values, one each. */
export const logged = (fields: Readonly<Partial<Record<LogField, string | number>>>): LogPattern => ({
  pattern: all(Object.entries(fields).map(([field, value]): Test => [field, '=', value])),
  value: '1',
});

export interface Signal extends LogPattern {
  /** Its name as a metric. Signals of several logs may have one name; their counts add up. */
  readonly name: string;
  /** Which log it is taken from, by a short name. */
  readonly source: string;
  readonly logGroup: string;
}

/** The metric that a signal of this name becomes. */
export const signalMetric = (namespace: string, name: string): Metric => ({
  namespace,
  name,
  dimensions: {},
  statistic: 'Sum',
});

export interface SignalsProps {
  /** Namespace of this environment's signals. */
  readonly namespace: string;
  readonly signals: readonly Signal[];
}

export class Signals extends Construct {
  constructor(scope: Construct, id: string, { namespace, signals }: SignalsProps) {
    super(scope, id);
    for (const { name, source, logGroup, pattern, value } of signals)
      new CloudwatchLogMetricFilter(this, `${name}-${source}`, {
        name,
        logGroupName: logGroup,
        pattern,
        metricTransformation: { namespace, name, value, defaultValue: '0', unit: 'Count' },
      });
  }
}
