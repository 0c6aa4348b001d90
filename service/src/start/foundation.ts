/** What everything else of the service stands on. */
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { ServiceState } from './state.ts';

export interface Foundation {
  readonly config: Config;
  readonly state: ServiceState;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
}
