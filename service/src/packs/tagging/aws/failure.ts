/** What went wrong upstream, in our words: a code for callers, a message without names of people, roles or keys. */
import { CountersignError } from '../../../errors.ts';

export interface UpstreamFailure {
  /** access_denied, throttled, timeout, cancelled, or AWS's own code. */
  readonly code: string;
  readonly message: string;
}

const throttles =
  /^(Throttl|TooManyRequests|RequestLimitExceeded|RequestThrottled|SlowDown|BandwidthLimit|PriorRequestNotComplete|EC2ThrottledException)/;
const denials = /^(AccessDenied|UnauthorizedOperation|NotAuthorized|AuthFailure|UnauthorizedAccess|Forbidden)/;
const timeouts = /^(TimeoutError|RequestTimeout|RequestTimeoutException)$/;

export const isThrottling = (code: string): boolean => throttles.test(code);

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'UnknownError');

/** The IAM action an access-denied message names; the rest of it names principals and is dropped. */
const actionIn = (error: unknown): string | undefined =>
  error instanceof Error ? /perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(error.message)?.[1] : undefined;

const ofAbort = (error: unknown, signal: AbortSignal): UpstreamFailure | undefined => {
  if (!signal.aborted) return undefined;
  const byTimer = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
  return byTimer || timeouts.test(nameOf(error))
    ? { code: 'timeout', message: 'It did not answer in time.' }
    : { code: 'cancelled', message: 'The call was cancelled.' };
};

/** @param signal the signal the call ran under: an abort is its reason, whatever error it surfaces as */
export const failureOf = (error: unknown, service: string, signal: AbortSignal): UpstreamFailure => {
  if (error instanceof CountersignError) return { code: error.code, message: error.message };
  const aborted = ofAbort(error, signal);
  if (aborted) return aborted;
  const name = nameOf(error);
  if (isThrottling(name))
    return { code: 'throttled', message: `${service} keeps answering that the rate is exceeded.` };
  if (timeouts.test(name)) return { code: 'timeout', message: `${service} did not answer in time.` };
  if (denials.test(name)) {
    const action = actionIn(error);
    return { code: 'access_denied', message: `${service} refused${action ? `: the role lacks ${action}` : ''}.` };
  }
  return { code: name, message: `${service} answered ${name}.` };
};
