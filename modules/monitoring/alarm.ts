/** An alarm as data, and the resource made of it. */
import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
  type CloudwatchMetricAlarmMetricQuery,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { Construct } from 'constructs';
import { isFormula, type Watched } from './metric.ts';
import type { TopicName } from './topic.ts';

export interface AlarmSpec {
  /** What it is about, such as `errors`: the heading of its part of docs/runbooks/alarms.md. */
  readonly kind: string;
  /** Which of several of its kind, by name: a colour, a table, a queue. */
  readonly of?: string;
  readonly topic: TopicName;
  /** What is wrong, and what to do first. */
  readonly meaning: string;
  readonly watched: Watched;
  readonly sounds: 'above' | 'below';
  readonly threshold: number;
  /** Seconds. */
  readonly period: number;
  /** Periods in a row. */
  readonly periods: number;
  /** What a period without data is. Nothing to count is fine; no sign of life is not. */
  readonly silence: 'fine' | 'wrong';
}

const operators = { above: 'GreaterThanThreshold', below: 'LessThanThreshold' } as const;
const silences = { fine: 'notBreaching', wrong: 'breaching' } as const;

export const alarmName = ({ kind, of }: Pick<AlarmSpec, 'kind' | 'of'>): string =>
  of === undefined ? kind : `${kind}-${of}`;

const describe = ({ kind, meaning }: AlarmSpec): string => `${meaning} Runbook: docs/runbooks/alarms.md#${kind}`;

const metricOf = (watched: Watched, period: number): Partial<CloudwatchMetricAlarmConfig> => {
  if (!isFormula(watched)) {
    const { namespace, name, statistic, dimensions } = watched;
    const percentile = statistic.startsWith('p');
    return {
      namespace,
      metricName: name,
      dimensions: { ...dimensions },
      period,
      ...(percentile ? { extendedStatistic: statistic } : { statistic }),
      // The slowest of ten requests is no p99.
      ...(percentile && { evaluateLowSampleCountPercentiles: 'ignore' }),
    };
  }
  const inputs = Object.entries(watched.of).map(
    ([id, { namespace, name, statistic, dimensions }]): CloudwatchMetricAlarmMetricQuery => ({
      id,
      metric: { namespace, metricName: name, stat: statistic, period, dimensions: { ...dimensions } },
      returnData: false,
    }),
  );
  const result = { id: 'result', expression: watched.expression, label: 'result', returnData: true };
  return { metricQuery: [result, ...inputs] };
};

export interface AlarmsProps {
  /** Start of every alarm's name. */
  readonly prefix: string;
  readonly alarms: readonly AlarmSpec[];
  /** ARN of each topic that an alarm tells. */
  readonly topics: Readonly<Partial<Record<TopicName, string>>>;
}

export class Alarms extends Construct {
  /** ARN of each alarm, by its name without prefix. */
  readonly arns: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { prefix, alarms, topics }: AlarmsProps) {
    super(scope, id);
    this.arns = Object.fromEntries(
      alarms.map((spec) => {
        const name = alarmName(spec);
        const { topic, watched, sounds, threshold, period, periods, silence } = spec;
        const tell = [topics[topic]].filter((arn) => arn !== undefined);
        const alarm = new CloudwatchMetricAlarm(this, name, {
          alarmName: `${prefix}-${name}`,
          alarmDescription: describe(spec),
          comparisonOperator: operators[sounds],
          threshold,
          evaluationPeriods: periods,
          treatMissingData: silences[silence],
          alarmActions: tell,
          okActions: tell,
          ...metricOf(watched, period),
        });
        return [name, alarm.arn];
      }),
    );
  }
}
