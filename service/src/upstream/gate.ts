/** Lets calls through: so many at once, so many in the queue, and none while the API keeps failing. */
import { bulkhead, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { UpstreamFault } from './fault.ts';
import type { ClientParts } from './parts.ts';

/** @throws UpstreamFault breaker_open or too_many_waiting, when the work was not begun */
export type Gate = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

const unsent = (failure: string) => new UpstreamFault({ failure, sent: 'no', outcome: 'unsent' });

export const gateOf = ({ service, options, metrics, log }: ClientParts): Gate => {
  const { atOnce = 10, mostWaiting = 100, breaker: limits = { failures: 5, openMs: 30_000 } } = options;
  const turns = bulkhead(atOnce, mostWaiting);
  const breaker = circuitBreaker(
    // A trial that its caller gave up has not shown that the API is well.
    handleWhen(
      (error) =>
        error instanceof UpstreamFault &&
        (error.parts.unwell === true ||
          (error.parts.failure === 'cancelled' && breaker.state === CircuitState.HalfOpen)),
    ),
    { halfOpenAfter: limits.openMs, breaker: new ConsecutiveBreaker(limits.failures) },
  );
  const told = (State: 'opened' | 'closed') => metrics.count('UpstreamBreakers', { Service: service, State });
  breaker.onBreak((reason) => {
    told('opened');
    const error = 'error' in reason ? reason.error : undefined;
    const failure = error instanceof UpstreamFault ? error.parts.failure : undefined;
    log.warn(
      { upstream: service, failure, milliseconds: limits.openMs },
      'an upstream keeps failing and is not called',
    );
  });
  breaker.onReset(() => {
    told('closed');
    log.info({ upstream: service }, 'an upstream is called again');
  });
  return async (work, signal) => {
    let began = false;
    try {
      return await turns.execute(
        () =>
          breaker.execute(() => {
            began = true;
            return work();
          }),
        signal,
      );
    } catch (error) {
      if (began || signal.aborted) throw error;
      metrics.count('UpstreamCalls', { Service: service, Outcome: 'unsent' });
      throw unsent(breaker.state === CircuitState.Closed ? 'too_many_waiting' : 'breaker_open');
    }
  };
};
