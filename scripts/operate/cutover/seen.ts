/** What is seen of a variant: its figures, and whether it is up. */

/** One period of CloudWatch. What it does not report did not happen. */
export interface Figure {
  readonly at: Date;
  /** Of the new variant. */
  readonly requests: number;
  readonly errors: number;
  /** p99 in milliseconds; undefined where nothing was answered. */
  readonly p99?: number | undefined;
  readonly p99Old?: number | undefined;
  readonly unhealthy: number;
  /** 5xx of the load balancer itself, of both variants. */
  readonly balancerErrors: number;
}
export type Figures = readonly Figure[];

export interface Warmth {
  readonly warm: boolean;
  readonly healthy: number;
  /** Such as `2 of 3 tasks run, 1 of 2 targets is healthy`. */
  readonly says: string;
  /** Why it will never be warm. */
  readonly failed?: string | undefined;
}
