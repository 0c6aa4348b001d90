/** Prometheus names derived from the contract's CloudWatch names, so that a metric is named once. */
import type { MetricContract } from '../../../contracts/metric.ts';
import { type MetricName, metrics } from '../../../contracts/metrics.ts';

const snake = (name: string): string => name.replace(/(?<=[a-z0-9])[A-Z]/g, '_$&').toLowerCase();

const suffix = ({ kind, unit }: MetricContract): string => {
  if (kind === 'counter') return '_total';
  return unit === 'Count' || unit === 'None' ? '' : `_${snake(unit)}`;
};

/** `RequestCount` becomes `countersign_request_total`, `ToolDuration` `countersign_tool_duration_milliseconds`. */
export const prometheusName = (metric: MetricName): string =>
  `countersign_${snake(metric).replace(/_count$/, '')}${suffix(metrics[metric])}`;

/** `StatusClass` becomes `status_class`. */
export const prometheusLabel = snake;
