/** One metric and one span for each call of an upstream, whichever client makes it. */
import type { Metrics } from './metrics.ts';
import { inSpan, type SpanAttributes } from './tracing.ts';

/**
 * ok: answered. refused: answered 4xx. throttled: asked to be called less. error: failed, or no answer. unsent: not sent, because
 * the breaker is open or too many calls wait. cancelled: whoever asked went away.
 */
export type UpstreamOutcome = 'ok' | 'refused' | 'throttled' | 'error' | 'unsent' | 'cancelled';

export interface ObservedCall {
  /** Of a closed set: it is a dimension. */
  readonly service: string;
  readonly span: string;
  readonly attributes: SpanAttributes;
}

export interface ToldBy<T> {
  /** One for each try that the answer took. Default: ok, once. */
  answered?(answer: T): readonly UpstreamOutcome[];
  /** What a rejection counts as. Default: error. */
  failed?(error: unknown): UpstreamOutcome;
  /** What the span says of an answer. */
  about?(answer: T): SpanAttributes;
}

/** Makes a call inside a span of kind client, counts its outcomes and measures how long it took, its tries together. */
export const observeUpstream = <T>(
  metrics: Metrics,
  { service, span, attributes }: ObservedCall,
  work: () => Promise<T>,
  { answered = () => ['ok'], failed = () => 'error', about = () => ({}) }: ToldBy<T> = {},
): Promise<T> =>
  inSpan(
    span,
    attributes,
    async (note) => {
      const started = performance.now();
      const count = (outcomes: readonly UpstreamOutcome[]) => {
        metrics.observe('UpstreamDuration', { Service: service }, performance.now() - started);
        for (const [outcome, { length }] of Map.groupBy(outcomes, (each) => each))
          metrics.count('UpstreamCalls', { Service: service, Outcome: outcome }, length);
      };
      try {
        const answer = await work();
        count(answered(answer));
        note(about(answer));
        return answer;
      } catch (error) {
        count([failed(error)]);
        throw error;
      }
    },
    'client',
  );
