/** How one metric is described. */
export interface MetricContract {
  readonly kind: 'counter' | 'histogram' | 'gauge';
  /** A CloudWatch unit name. */
  readonly unit: 'Count' | 'Seconds' | 'Milliseconds' | 'Bytes' | 'Percent' | 'None';
  readonly description: string;
  /** Dimension names. Values must come from a small closed set: never a person, an ARN or an id. */
  readonly dimensions: readonly string[];
}
