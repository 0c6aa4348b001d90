/**
 * CloudWatch embedded metric format: lines of JSON from which CloudWatch Logs makes metrics. Values are gathered and
 * written every few seconds, so that a call costs the hot path one map look-up.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import { type MetricName, metricNamespace, metrics } from '../../../contracts/metrics.ts';

/** The specification allows a target of 100 values at most; of more, a uniform sample is kept. */
const mostValues = 100;

interface Series {
  readonly metric: MetricName;
  readonly dimensions: Readonly<Record<string, string>>;
  /** One sum, the values of a histogram, or a gauge's latest. */
  readonly values: number[];
  seen: number;
}

export interface EmfParts {
  /** Takes one line, with its newline. */
  readonly write: (line: string) => void;
  readonly now: () => Date;
  /**
   * Beside the metrics in each line. They are no dimensions, each of which would be a metric of its own to pay for:
   * Logs Insights tells the lines of one colour or version apart.
   */
  readonly properties?: Readonly<Record<string, string>>;
}

export interface Emf {
  record(metric: MetricName, dimensions: Readonly<Record<string, string>>, value: number): void;
  /** Writes what was gathered since the last time. */
  flush(): void;
}

const gather = (series: Series, value: number): void => {
  const { metric, values } = series;
  series.seen += 1;
  if (metrics[metric].kind === 'counter') values[0] = (values[0] ?? 0) + value;
  else if (metrics[metric].kind === 'gauge') values[0] = value;
  else if (values.length < mostValues) values.push(value);
  else {
    // Vitter's algorithm R: each of the values seen is kept with the same chance.
    const place = Math.floor(Math.random() * series.seen);
    if (place < mostValues) values[place] = value;
  }
};

/** One line for all series of the same dimensions and values. */
const line = (group: readonly [Series, ...Series[]], timestamp: number, properties: EmfParts['properties']): string => {
  const [{ dimensions }] = group;
  const definition = {
    Namespace: metricNamespace,
    Dimensions: [Object.keys(dimensions)],
    Metrics: group.map(({ metric }) => ({ Name: metric, Unit: metrics[metric].unit })),
  };
  const targets = group.map(({ metric, values }) => [metric, values.length === 1 ? values[0] : values]);
  return `${JSON.stringify({
    _aws: { Timestamp: timestamp, CloudWatchMetrics: [definition] },
    ...properties,
    ...dimensions,
    ...Object.fromEntries(targets),
  })}\n`;
};

export const openEmf = ({ write, now, properties }: EmfParts): Emf => {
  let gathered = new Map<string, Series>();
  return {
    record: (metric, dimensions, value) => {
      const key = `${metric}\n${Object.values(dimensions).join('\n')}`;
      let series = gathered.get(key);
      if (series === undefined) {
        series = { metric, dimensions: inOrder(metric, dimensions), values: [], seen: 0 };
        gathered.set(key, series);
      }
      gather(series, value);
    },
    flush: () => {
      const timestamp = now().getTime();
      const groups = Map.groupBy(gathered.values(), ({ dimensions }) => JSON.stringify(dimensions));
      gathered = new Map();
      for (const [first, ...rest] of groups.values()) if (first) write(line([first, ...rest], timestamp, properties));
    },
  };
};

/** The contract's dimensions in the contract's order, so that callers may name them in any. */
const inOrder = (metric: MetricName, dimensions: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(metrics[metric].dimensions.map((name) => [name, dimensions[name] ?? '']));
