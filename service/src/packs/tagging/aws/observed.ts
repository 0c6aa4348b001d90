/** The metric and the span of each call of AWS, which are those of every upstream. */
import type { Metrics } from '../../../ports/metrics.ts';
import type { SpanAttributes } from '../../../ports/tracing.ts';
import { observeUpstream, type UpstreamOutcome } from '../../../ports/upstream-calls.ts';
import { blame, isThrottling, statusOf } from './failure.ts';

export interface AwsAnswer {
  readonly $metadata: { readonly attempts?: number | undefined };
}

const outcomeOf = (error: unknown): UpstreamOutcome => {
  const name = error instanceof Error ? error.name : '';
  if (isThrottling(name)) return 'throttled';
  if (name === 'AbortError') return 'cancelled';
  const status = statusOf(error) ?? 0;
  return status >= 400 && status < 500 ? 'refused' : 'error';
};

/** Makes one call of a service, which its errors then name. */
export const observeAws = <A extends AwsAnswer>(
  metrics: Metrics,
  service: string,
  attributes: SpanAttributes,
  call: () => Promise<A>,
): Promise<A> =>
  observeUpstream(
    metrics,
    { service, span: `aws ${service}`, attributes: { ...attributes, 'rpc.service': service } },
    async () => {
      try {
        return await call();
      } catch (error) {
        blame(error, service);
        throw error;
      }
    },
    {
      // The SDK tries again mostly because it was throttled; it does not say why.
      answered: ({ $metadata: { attempts = 1 } }) => [
        ...Array.from({ length: attempts - 1 }, (): UpstreamOutcome => 'throttled'),
        'ok',
      ],
      failed: outcomeOf,
    },
  );
