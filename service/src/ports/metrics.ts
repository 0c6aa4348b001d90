import type { Dimensions, MetricName } from '../../../contracts/metrics.ts';

/** Where numbers go. Names and dimensions are the contract's, so an undeclared metric does not compile. */
export interface Metrics {
  /** Adds to a counter. Default 1. */
  count<M extends MetricName>(metric: M, dimensions: Dimensions<M>, value?: number): void;
  /** Records one value of a histogram, in the contract's unit. */
  observe<M extends MetricName>(metric: M, dimensions: Dimensions<M>, value: number): void;
  /** Sets a gauge. */
  set<M extends MetricName>(metric: M, dimensions: Dimensions<M>, value: number): void;
}
