/** What went wrong upstream, in our words: a code for callers, a message without names of people, roles or keys. */
import { CountersignError } from '../../../errors.ts';

export interface UpstreamFailure {
  /** access_denied, invalid_credentials, throttled, timeout, connection_failed, malformed_answer, cancelled, http_503, or AWS's own code. */
  readonly code: string;
  readonly message: string;
}

/** An answer of 2xx without what it must contain: a proxy's page, an empty body. It says nothing about the estate. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
  readonly service: string;
  readonly lacks: string;

  constructor(service: string, lacks: string) {
    super(`${service} answered without ${lacks}.`);
    this.service = service;
    this.lacks = lacks;
  }
}

/**
 * A part of an answer that is always there when the service answered: an empty list counts, a missing one does not.
 * @throws MalformedAnswer naming it
 */
export const member = <T>(service: string, name: string, value: T | undefined | null): T => {
  if (value === undefined || value === null) throw new MalformedAnswer(service, name);
  return value;
};

const blamed = new WeakMap<object, string>();

/** Remembers which service an error came from, however many callers wait for the same call. */
export const blame = (error: unknown, service: string): void => {
  if (typeof error === 'object' && error !== null && !blamed.has(error)) blamed.set(error, service);
};

const throttles =
  /^(Throttl|TooManyRequests|RequestLimitExceeded|RequestThrottled|SlowDown|BandwidthLimit|PriorRequestNotComplete|EC2ThrottledException)/;
const denials = /^(AccessDenied|UnauthorizedOperation|NotAuthorized|UnauthorizedAccess|Forbidden)/;
/** Also what a region answers that the account never enabled. */
const credentials =
  /^(Expired(Token|Credentials)|RequestExpired|TokenRefreshRequired|InvalidClientTokenId|UnrecognizedClient|AuthFailure|SignatureDoesNotMatch|InvalidSignature|InvalidAccessKeyId|InvalidToken|IncompleteSignature|MissingAuthenticationToken|CredentialsProviderError|TokenProviderError)/;
/** AbortError: another clock than the caller's own ran out, that of a call which several wait for. */
const timeouts = /^(AbortError|TimeoutError|RequestTimeout|RequestTimeoutException)$/;
/** Codes of Node's sockets, TLS and name lookups. The SDK calls a reset connection a TimeoutError. */
const connections = /^(E[A-Z]+|CERT_[A-Z_]+|UNABLE_TO_[A-Z_]+|[A-Z_]*SELF_SIGNED[A-Z_]*)$/;
/** Names that say nothing. */
const nameless = /^(Error|TypeError|SyntaxError|Unknown|UnknownError|\d{3})$/;

export const isThrottling = (code: string): boolean => throttles.test(code);

/** Would the same credentials fail everywhere, whatever is asked? */
export const isCredentialFailure = (failure: Pick<UpstreamFailure, 'code'>): boolean =>
  failure.code === 'invalid_credentials';

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'UnknownError');

const numberAt = (value: unknown, key: string): number | undefined => {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'number' ? found : undefined;
};

/** HTTP status of the answer an error was made of. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof Error ? numberAt(Reflect.get(error, '$metadata'), 'httpStatusCode') : undefined;

const connectionCode = (error: unknown): string | undefined => {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && code !== 'ETIMEDOUT' && connections.test(code) ? code : undefined;
};

/** The IAM action an access-denied message names; the rest of it names principals and is dropped. */
const actionIn = (error: unknown): string | undefined =>
  error instanceof Error ? /perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(error.message)?.[1] : undefined;

const ofAbort = (error: unknown, service: string, signal: AbortSignal): UpstreamFailure | undefined => {
  if (!signal.aborted) return undefined;
  const byTimer = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
  return byTimer || (timeouts.test(nameOf(error)) && nameOf(error) !== 'AbortError')
    ? { code: 'timeout', message: `${service} did not answer in time.` }
    : { code: 'cancelled', message: 'The call was cancelled.' };
};

const malformed = (service: string, lacks: string): UpstreamFailure => ({
  code: 'malformed_answer',
  message: `${service} answered without ${lacks}, so nothing is known. Try again; if it stays, look for a proxy between.`,
});

const ofNameless = (name: string, service: string, status: number | undefined): UpstreamFailure => {
  if (status === undefined) return { code: 'unknown_error', message: `The call of ${service} failed (${name}).` };
  if (status < 300) return malformed(service, 'anything that can be read');
  return { code: `http_${status}`, message: `${service} answered HTTP ${status} without a code. Try again later.` };
};

const ours = (error: CountersignError): UpstreamFailure => {
  const { failure } = error.details;
  return { code: typeof failure === 'string' ? failure : error.code, message: error.message };
};

/**
 * @param service whom to name where the error itself does not know which service it came from
 * @param signal the signal the call ran under: an abort is its reason, whatever error it surfaces as
 */
export const failureOf = (error: unknown, service: string, signal: AbortSignal): UpstreamFailure => {
  if (error instanceof CountersignError) return ours(error);
  if (error instanceof MalformedAnswer) return malformed(error.service, error.lacks);
  const asked = (typeof error === 'object' && error !== null ? blamed.get(error) : undefined) ?? service;
  const aborted = ofAbort(error, asked, signal);
  if (aborted) return aborted;
  const name = nameOf(error);
  if (isThrottling(name)) return { code: 'throttled', message: `${asked} keeps answering that the rate is exceeded.` };
  const connection = connectionCode(error);
  if (connection !== undefined)
    return { code: 'connection_failed', message: `The connection to ${asked} failed (${connection}). Try again.` };
  if (timeouts.test(name)) return { code: 'timeout', message: `${asked} did not answer in time.` };
  if (credentials.test(name))
    return {
      code: 'invalid_credentials',
      message: `${asked} does not accept the credentials (${name}). Renew them: restart the task, or sign in again where they come from a profile. In one region only: enable the region for the account.`,
    };
  if (denials.test(name)) {
    const action = actionIn(error);
    return { code: 'access_denied', message: `${asked} refused${action ? `: the role lacks ${action}` : ''}.` };
  }
  if (nameless.test(name)) return ofNameless(name, asked, statusOf(error));
  return { code: name, message: `${asked} answered ${name}.` };
};
