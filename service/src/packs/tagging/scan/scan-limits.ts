/** When a scan is too long for its call. */
export interface ScanLimits {
  /** Resources that the newest scan of it counted; more become a job at once. */
  readonly resources: number;
  /** Seconds that it is estimated to take; more become a job at once. */
  readonly seconds: number;
  /** Milliseconds after which a scan that takes longer than estimated becomes a job. Connections are cut after sixty seconds. */
  readonly callMs: number;
  /** Milliseconds that a call waits for a job before it says how far that is. */
  readonly waitMs: number;
  /** Resources; of more a sample is offered. Default: 1,000. */
  readonly sampledAbove?: number;
}
export const defaultLimits: ScanLimits = { resources: 5_000, seconds: 30, callMs: 40_000, waitMs: 20_000 };
