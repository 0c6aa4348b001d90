/** What a client of one API is made of. */
import type { Logger } from 'pino';
import type { Metrics } from '../ports/metrics.ts';
import type { UpstreamOptions } from '../ports/upstream.ts';
import type { Redirects } from './redirects.ts';
import type { RetryParts } from './retries.ts';
import type { Transport } from './transport.ts';

export interface ClientParts {
  readonly service: string;
  readonly base: URL;
  readonly options: UpstreamOptions;
  readonly mayReach: Redirects['mayReach'];
  readonly transport: Transport;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly clock: Pick<RetryParts, 'now' | 'sleep'> & { readonly date: () => Date };
}
